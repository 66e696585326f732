"""Faults as customers tell them and engineers find them."""

from __future__ import annotations

from web.demo.service_acts import Fault

FAULTS = {
    "belt_left": Fault(
        "belt", "Belt runs off to the left", "皮带往左跑偏，边上磨出毛边。", "mistracking",
        "Tail pulley 3 mm out of square after cleaning.", "setting", "",
        "Tail pulley set square with two turns of the right tensioner, ten turns watched on video.",
        "Runs off 2 mm in ten turns.", "none", answers={"mistracking": "left"},
    ),
    "drive_card": Fault(
        "roller", "Zone 4 does not start", "第四区辊筒不转，其他区正常。", "no_start",
        "Drive card of zone 4 without output, 24 V present.", "electrical", "DM-24 drive card, 1 pc",
        "Drive card changed, address set, zone taught in.", "200 boxes without a stop.", answers={"smell": "none"},
    ),
    "lift_stop": Fault(
        "lift", "Lift stands between two floors", "提升机卡在二三层之间，整条线停了。", "stops",
        "Safety gear engaged, encoder cable broken at the drag chain.", "electrical", "Encoder cable 25 m",
        "Carriage secured, safety gear released, encoder cable changed, travel taught in anew.",
        "50 cycles with rated load, stop accuracy 1 mm.", "stopped", "today",
        {"load_position": "between", "smell": "none", "error_code": "F-071"},
    ),
    "chain_noise": Fault(
        "chain", "Loud knocking from the drive", "驱动侧有规律敲击声，越来越响。", "noise",
        "Drive sprocket loose on its key, two teeth chipped.", "assembly", "SP-19 sprocket, key",
        "Sprocket and key changed, torqued, chain tension set.", "68 dB at 1 m, no knocking.", "reduced", "weeks",
        {"noise": "load"},
    ),
    "gearbox_leak": Fault(
        "belt", "Gearbox loses oil", "减速机漏油，地上一滩。", "other",
        "Shaft seal hardened, surface of the shaft scored.", "wear", "Shaft seal, sleeve",
        "Gear motor opened on the bench, sleeve fitted, seal and oil changed.", "8 hours on the bench, dry.", "none", "weeks",
    ),
    "drive_trips": Fault(
        "lift", "Drive trips every afternoon", "下午温度高时变频器报警停机，早上正常。", "stops",
        "Drive reports an encoder fault above 40 °C; cable and encoder are good.", "program", "Fan filter",
        "Firmware updated, fan filter changed, cabinet temperature logged for four hours.",
        "No trip in 120 cycles at 45 °C.", "stopped", "days",
        {"backup_available": True, "error_code": "F-031", "load_position": "bottom", "smell": "none"},
    ),
    "belt_torn": Fault(
        "belt", "Belt torn across", "叉车撞到输送带，横向撕裂。", "stops",
        "Belt torn over 200 mm, side guide bent by a fork lift.", "operation", "Belt 12 m, side guide",
        "", "", "stopped", "today", {"backup_available": True, "smell": "none"},
    ),
    "panel_dark": Fault(
        "roller", "Operator panel stays dark", "操作屏黑屏，输送线还能手动运行。", "control",
        "", "unknown", "", "", "", "none", "today",
    ),
    "roller_stuck": Fault(
        "roller", "Three rollers do not turn", "三支辊筒不转，箱子会歪。", "jam",
        "", "unknown", "", "", "", "reduced", "today",
    ),
    "belt_slips": Fault(
        "belt", "Belt slips under load", "满载时皮带打滑，产量降了三成。", "other",
        "", "unknown", "", "", "", "reduced", "days",
    ),
    "lift_door": Fault(
        "lift", "Door opens although carriage is away", "载货台不在本层时门也能打开，有人差点踏空！", "control",
        "", "unknown", "", "", "", "stopped", "today", {"safety_risk": True, "load_position": "top"},
    ),
    "sensor_blind": Fault(
        "roller", "Light barrier misses dark boxes", "深色箱子检测不到，偶尔追尾。", "control",
        "", "unknown", "", "", "", "reduced", "weeks",
    ),
    "motor_hot": Fault(
        "belt", "Motor too hot to touch", "电机烫手，有焦味。", "overheating",
        "", "unknown", "", "", "", "stopped", "today", {"smell": "burnt", "noise": "always"},
    ),
    "position_drift": Fault(
        "lift", "Stop height drifts during the day", "一天下来停层误差有8毫米。", "positioning",
        "Stop height drifts 8 mm in six hours, chain lengths are equal.", "unknown", "", "", "", "reduced", "weeks",
        {"load_position": "bottom"},
    ),
    "guide_worn": Fault(
        "chain", "Guide strips worn through", "耐磨条磨穿，链条擦到机架。", "wear",
        "Wear strips of both strands at 1 mm.", "wear", "WG-02 wear strip, 8 pcs", "", "", "reduced", "weeks",
        {"noise": "always"},
    ),
    "sprocket_worn": Fault(
        "belt", "Chain jumps at the drive", "驱动链条跳齿，启动时有顿挫。", "wear",
        "Drive chain stretched by 3 %, sprocket hooked.", "wear", "Chain 08B 2 m, sprocket", "", "", "reduced", "weeks",
        {"noise": "start"},
    ),
    "box_jam": Fault(
        "roller", "Boxes jam at the transfer", "移载口卡箱，每小时三四次。", "jam",
        "Transfer lifts 4 mm too low, belt of the transfer stretched.", "setting", "Round belt, 12 pcs",
        "", "", "reduced", "days",
    ),
    "splice_open": Fault(
        "belt", "Belt splice opens", "皮带接头开口约十厘米。", "wear",
        "Splice opens over 100 mm, vulcanised too cold.", "part", "PV-20 belt with splice", "", "", "reduced", "today",
        {"noise": "none"},
    ),
    "card_burnt": Fault(
        "roller", "Burnt smell from the cabinet", "电柜有焦味，两个区断电。", "stops",
        "Terminal burnt, two drive cards gone.", "electrical", "DM-24 drive card, 2 pcs; terminals", "", "",
        "reduced", "today", {"smell": "burnt"},
    ),
    "noise_new": Fault(
        "chain", "Gear motor howls", "减速电机啸叫，刚换上一个月。", "noise",
        "Gear motor howls at every speed; teeth damaged.", "part", "GM-220 gear motor", "", "", "none", "new",
        {"noise": "always"},
    ),
    "belt_edge": Fault(
        "belt", "Belt edge frays", "皮带右边起毛。", "mistracking",
        "Side guide 5 mm too tight on the right.", "assembly", "PV-20 belt",
        "Side guide set, belt edge sealed.", "Runs off 3 mm in ten turns.", "none", "days", {"mistracking": "right"},
    ),
    "curve_squeals": Fault(
        "belt", "Curve squeals when it starts", "转弯机启动尖叫。", "noise",
        "Guide rollers of the curve dry.", "environment", "Guide roller, 4 pcs",
        "Guide rollers changed, belt cleaned.", "66 dB at 1 m.", "none", "days", {"noise": "start"},
    ),
    "chain_slack": Fault(
        "chain", "Chain sags and catches", "链条松弛，托盘有时被钩住。", "jam",
        "Sag 38 mm, tensioner at its end.", "wear", "Link removed, tensioner",
        "Two links taken out, tensioner changed.", "Sag 12 mm, 30 pallets.", "reduced", "weeks",
    ),
    "stops_again": Fault(
        "roller", "Line stops with alarm E14", "输送线报 E14 停机，复位后十分钟又停。", "stops",
        "Drive card of zone 2 reports overload.", "electrical", "DM-24 drive card, 1 pc",
        "Drive card of zone 2 changed.", "100 boxes without an alarm.", "reduced", "today",
        {"error_code": "E14", "smell": "none"},
    ),
    "lift_jerks": Fault(
        "lift", "Carriage jerks when it starts", "载货台启动时抖动，箱子会移位。", "positioning",
        "Start ramp too steep, brake releases late.", "setting", "Brake rectifier",
        "Ramp flattened, brake rectifier changed.", "30 cycles, boxes stay in place.", "reduced", "new",
        {"load_position": "bottom"},
    ),
}  # fmt: skip
