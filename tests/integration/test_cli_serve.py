import ipaddress
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.integration.cli import CLOSELOOP, environment, run, serving, succeed
from tests.web.api.plant import CATCH, END, PAID, START, TIMER, line, service_task, user_task
from web.demo import PASSWORD


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder with an empty plant and an admin."""
    folder = tmp_path_factory.mktemp("data")
    succeed(folder, "init", CLOSELOOP_MODELS_DIR=str(folder))
    succeed(folder, "user", "create", "boss", "--role", "admin")
    return folder


@pytest.fixture(scope="module")
def token(data: Path) -> str:
    return succeed(data, "token", "create", "boss").strip()


def connect(address: str, token: str, **options: object) -> httpx.Client:
    return httpx.Client(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30, **options
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def client(data: Path, token: str) -> Iterator[httpx.Client]:
    with serving(data) as (_, address), connect(address, token) as opened:
        yield opened


def deploy(client: httpx.Client, *diagrams: bytes) -> None:
    files = [("files", (f"{number}.bpmn", diagram)) for number, diagram in enumerate(diagrams)]
    response = client.post("/deployments", files=files)
    assert response.status_code == 201, response.text


def start(client: httpx.Client, key: str, **variables: object) -> str:
    response = client.post("/instances", json={"definition_key": key, "variables": variables})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def state_of(client: httpx.Client, case: str) -> str:
    return str(client.get(f"/instances/{case}").json()["state"])


def within(seconds: float, is_so: object) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_a_case_runs_over_a_real_connection(client: httpx.Client) -> None:
    deploy(client, line("by_hand", START, CATCH, user_task("work"), END, outside=PAID))
    case = start(client, "by_hand", order="O-9")
    assert client.post("/messages", json={"name": "paid", "correlation_key": "O-9"}).json() == {"instance_ids": [case]}
    (task,) = client.get("/tasks", params={"instance_id": case}).json()["items"]
    done = client.post(f"/tasks/{task['id']}/complete", json={"variables": {}})
    assert (done.status_code, done.json()["instance_state"]) == (200, "completed")


def test_an_answer_without_content_leaves_the_connection_usable(client: httpx.Client) -> None:
    deploy(client, line("welding", START, service_task("weld", "weld"), END))
    case = start(client, "welding")
    body = {"types": ["weld"], "max": 1, "lease_s": 60, "instance_id": case}
    (job,) = client.post("/jobs/activate", json=body).json()["items"]
    done = client.post(f"/jobs/{job['id']}/complete", json={})
    assert (done.status_code, done.content) == (204, b"")
    assert state_of(client, case) == "completed"


def test_a_timer_fires_by_itself(client: httpx.Client) -> None:
    deploy(client, line("soon", START, TIMER.replace("PT1H", "PT0.2S"), END))
    case = start(client, "soon")
    assert within(5, lambda: state_of(client, case) == "completed")


def test_a_worker_that_waits_is_answered_when_a_job_turns_up(client: httpx.Client) -> None:
    deploy(client, line("later", START, service_task("paint", "paint"), END))
    found: list[dict[str, object]] = []
    body = {"types": ["paint"], "max": 1, "lease_s": 60, "wait_s": 20}
    waiting = threading.Thread(target=lambda: found.extend(client.post("/jobs/activate", json=body).json()["items"]))
    waiting.start()
    time.sleep(0.3)
    case = start(client, "later")
    waiting.join(timeout=10)
    assert [job["instance_id"] for job in found] == [case]


def test_waiting_workers_never_hold_all_threads(client: httpx.Client) -> None:
    body = {"types": ["nothing-makes-this"], "max": 1, "lease_s": 60, "wait_s": 4}
    begun = time.monotonic()
    lasted: list[float] = []

    def wait() -> None:
        client.post("/jobs/activate", json=body)
        lasted.append(time.monotonic() - begun)

    waiting = [threading.Thread(target=wait) for _ in range(12)]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join(timeout=20)
    assert len([seconds for seconds in lasted if seconds >= 4]) == 2  # a quarter of eight threads
    assert len(lasted) == 12


def test_those_who_watch_get_their_answers(client: httpx.Client) -> None:
    root = str(client.base_url).removesuffix("/api/v1/")
    assert httpx.get(f"{root}/healthz").text == "ok\n"
    assert httpx.get(f"{root}/readyz").text == "ready\n"
    metrics = httpx.get(f"{root}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert "closeloop_open_tasks " in metrics.text
    assert 'closeloop_requests_total{status="200"}' in metrics.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_told_to_stop_stops_at_once_and_logs_to_stderr(data: Path, number: signal.Signals) -> None:
    with serving(data) as (process, _):
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (0, "")
    assert "stopped" in err
    assert "Traceback" not in err


def test_a_port_that_is_taken_is_told_in_one_line(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [CLOSELOOP, "serve", "--port", port]
        done = subprocess.run(command, env=environment(data), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_pages_and_scheduler_run_apart(data: Path, token: str) -> None:
    scheduler = subprocess.Popen(
        [CLOSELOOP, "scheduler"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(data)
    )
    try:
        with serving(data, command="web") as (_, address), connect(address, token) as client:
            deploy(client, line("apart", START, TIMER.replace("PT1H", "PT0.2S"), END))
            case = start(client, "apart")
            assert within(20, lambda: state_of(client, case) == "completed")  # the scheduler may still be starting
        scheduler.terminate()
        out, err = scheduler.communicate(timeout=10)
        assert (scheduler.returncode, out) == (0, "")
        assert "stopped" in err
    finally:
        scheduler.kill()


def test_https_is_served_with_a_certificate(data: Path, token: str, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    with serving(data, "--cert", str(cert), "--key", str(key)) as (process, address):
        assert address.startswith("https://")
        with connect(address, token, verify=ssl.create_default_context(cafile=str(cert))) as client:
            assert client.get("/tasks").status_code == 200
            deploy(client, line("secure", START, TIMER.replace("PT1H", "PT0.2S"), END))
            case = start(client, "secure")
            assert within(5, lambda: state_of(client, case) == "completed")
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_a_certificate_without_its_key_is_refused(data: Path, tmp_path: Path) -> None:
    cert, _ = certificate(tmp_path)
    assert run(data, "serve", "--cert", str(cert)).returncode == 2


def test_a_plant_with_the_demo_password_is_served_to_its_own_machine_only(tmp_path: Path) -> None:
    succeed(tmp_path, "init", CLOSELOOP_MODELS_DIR=str(tmp_path))
    succeed(tmp_path, "user", "create", "admin", "--password-stdin", given=f"{PASSWORD}\n")
    for command in ("serve", "web"):
        done = run(tmp_path, command, "--host", "0.0.0.0", "--port", "0")
        assert done.returncode == 1
        assert "demo" in done.stderr


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encryption = serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))
    return cert_file, key_file
