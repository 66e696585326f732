// The editor's own words in Chinese. What is not listed stays English.
const WORDS = {
  // palette, context pad, menus
  "Activate hand tool": "移动画布", "Activate lasso tool": "框选", "Activate create/remove space tool": "增减空间", "Activate global connect tool": "连线",
  "Create start event": "添加开始事件", "Create intermediate/boundary event": "添加中间或边界事件", "Create end event": "添加结束事件", "Create gateway": "添加网关", "Create task": "添加任务",
  "Create data object reference": "添加数据对象", "Create data store reference": "添加数据存储", "Create expanded sub-process": "添加展开的子流程", "Create pool/participant": "添加泳池", "Create group": "添加分组", "Create element": "添加元素", "Append element": "追加元素",
  Delete: "删除", "Change element": "更改类型", "Add text annotation": "添加注释", "Connect to other element": "连接到其他元素", "Connect using association": "用关联线连接", "Connect using data input association": "用数据输入连接",
  "Add lane above": "上方加泳道", "Add lane below": "下方加泳道", "Divide into two lanes": "分为两条泳道", "Divide into three lanes": "分为三条泳道",
  "Append task": "追加任务", "Append gateway": "追加网关", "Append end event": "追加结束事件", "Append intermediate/boundary event": "追加中间或边界事件", "Append receive task": "追加接收任务",
  "Append message intermediate catch event": "追加消息捕获事件", "Append timer intermediate catch event": "追加定时捕获事件", "Append conditional intermediate catch event": "追加条件捕获事件", "Append signal intermediate catch event": "追加信号捕获事件", "Append compensation activity": "追加补偿活动",
  "Align elements": "对齐", "Distribute elements horizontally": "水平均布", "Distribute elements vertically": "垂直均布", "Open {element}": "打开{element}", "Set color": "设置颜色", "Search in diagram": "在图中查找",
  "Toggle non-interrupting": "切换是否中断", "Parallel multi-instance": "并行多实例", "Sequential multi-instance": "顺序多实例", Loop: "循环", "Ad-hoc sub-process": "即席子流程", Collection: "集合", "Participant multiplicity": "多参与者",
  "Sequence flow": "顺序流", "Default flow": "默认流", "Conditional flow": "条件流", "Sub-process": "子流程", "Sub-process (collapsed)": "子流程（折叠）", "Sub-process (expanded)": "子流程（展开）", "Event sub-process": "事件子流程", Transaction: "事务", "Call activity": "调用活动",
  Task: "任务", "User task": "用户任务", "Service task": "服务任务", "Send task": "发送任务", "Receive task": "接收任务", "Manual task": "手工任务", "Business rule task": "业务规则任务", "Script task": "脚本任务",
  "Exclusive gateway": "排他网关", "Parallel gateway": "并行网关", "Inclusive gateway": "包容网关", "Event-based gateway": "事件网关", "Complex gateway": "复杂网关",
  "Start event": "开始事件", "End event": "结束事件", "Intermediate throw event": "中间抛出事件", "Message start event": "消息开始事件", "Timer start event": "定时开始事件", "Signal start event": "信号开始事件", "Terminate end event": "终止结束事件", "Error end event": "错误结束事件", "Message end event": "消息结束事件", "Signal end event": "信号结束事件", "Escalation end event": "升级结束事件",
  "Message intermediate catch event": "消息捕获事件", "Message intermediate throw event": "消息抛出事件", "Timer intermediate catch event": "定时捕获事件", "Signal intermediate catch event": "信号捕获事件", "Signal intermediate throw event": "信号抛出事件", "Link intermediate catch event": "链接捕获事件", "Link intermediate throw event": "链接抛出事件", "Escalation intermediate throw event": "升级抛出事件",
  "Timer boundary event": "定时边界事件", "Timer boundary event (non-interrupting)": "定时边界事件（不中断）", "Message boundary event": "消息边界事件", "Message boundary event (non-interrupting)": "消息边界事件（不中断）", "Error boundary event": "错误边界事件", "Signal boundary event": "信号边界事件", "Signal boundary event (non-interrupting)": "信号边界事件（不中断）", "Escalation boundary event": "升级边界事件", "Escalation boundary event (non-interrupting)": "升级边界事件（不中断）", "Compensation boundary event": "补偿边界事件",
  Tasks: "任务", Gateways: "网关", Events: "事件", "Sub-processes": "子流程", Participants: "参与者", Data: "数据", "Empty pool/participant": "空泳池", "Expanded pool/participant": "展开泳池",
  // properties
  "Select an element to edit its properties.": "选择一个元素来编辑其属性。", "Multiple elements are selected. Select a single element to edit its properties.": "已选择多个元素，请只选一个来编辑属性。",
  General: "常规", Documentation: "说明", "Element documentation": "元素说明", "Process documentation": "流程说明", Name: "名称", ID: "标识", "Process ID": "流程标识", "Process name": "流程名称", "Participant ID": "参与者标识", "Participant Name": "参与者名称", Executable: "可执行", "Version tag": "版本标签", Version: "版本",
  Implementation: "实现", Type: "类型", Assignment: "分派", Assignee: "办理人", "Candidate groups": "候选组", "Candidate users": "候选人", "Due date": "到期时间", "Follow up date": "跟进时间", Priority: "优先级",
  Form: "表单", "Form ID": "表单标识", "Form key": "表单键", "Form JSON configuration": "表单 JSON 配置", "Camunda Form (linked)": "关联表单", "Camunda Form (embedded)": "内嵌表单", "Custom form key": "自定义表单键", "External form reference": "外部表单引用", "Camunda user task": "用户任务", "Job worker": "外部工作程序",
  "Input mapping": "输入映射", "Output mapping": "输出映射", "Local variable name": "局部变量名", "Process variable name": "流程变量名", "Variable assignment value": "变量值", "Input propagation": "输入传递", "Output propagation": "输出传递", "Propagate all parent process variables": "传入全部父流程变量", "Propagate all child process variables": "传回全部子流程变量",
  Headers: "标头", Key: "键", Value: "值", "Task definition": "任务定义", "Task listeners": "任务监听", "Execution listeners": "执行监听", "Extension properties": "扩展属性", "Event type": "事件类型", "Listener type": "监听类型", "Job type": "作业类型", Retries: "重试次数",
  Condition: "条件", "Condition expression": "条件表达式", "Called decision": "调用的决策", "Decision ID": "决策标识", "Result variable": "结果变量", "Called element": "调用的流程", Binding: "绑定", latest: "最新", deployment: "同次发布", "version tag": "版本标签", "DMN decision": "DMN 决策",
  Script: "脚本", "FEEL expression": "FEEL 表达式", Message: "消息", "Global message reference": "引用的消息", "Subscription correlation key": "关联键", Signal: "信号", "Global signal reference": "引用的信号", Error: "错误", "Global error reference": "引用的错误", Code: "代码", Escalation: "升级", "Global escalation reference": "引用的升级", Link: "链接", Compensation: "补偿",
  Timer: "定时", Date: "日期", Duration: "时长", Cycle: "周期", "Multi-instance": "多实例", "Input collection": "输入集合", "Input element": "输入元素", "Output collection": "输出集合", "Output element": "输出元素", "Completion condition": "完成条件", Create: "新建", "Create new ...": "新建…", "<none>": "<无>", On: "开", Off: "关",
  "ID must not be empty.": "标识不能为空。", "ID must be unique.": "标识必须唯一。", "ID must not contain spaces.": "标识不能有空格。", "ID must be a valid QName.": "标识不合规范。",
  "Toggle section": "展开或收起", "Section contains an error": "此处有错误", "Section contains edits": "此处已填写", "Delete item": "删除此项", "Create new list item": "新增一项", "Open pop-up editor": "打开大编辑框", "Opened in editor": "正在大编辑框中编辑", "FEEL expression is mandatory": "必须是 FEEL 表达式", "Unparsable FEEL expression.": "无法解析的 FEEL 表达式。",
};

export function translate(template, replacements = {}) {
  return (WORDS[template] || template).replace(/\{([^}]+)\}/g, (whole, name) => replacements[name] ?? whole);
}
