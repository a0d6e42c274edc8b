"""The demo's workspace is made once with secrets of its own; no two demos share it or a port."""

import socket
import stat
import subprocess
import sys
from contextlib import ExitStack

import pytest

from gateway.cli import demo_workspace
from gateway.cli.demo_workspace import alone, make_workspace, own_port
from gateway.errors import ConfigurationError, GatewayError
from gateway.partners.loader import load_partners
from tests.ports import free_port


def test_a_new_workspace_is_complete_and_its_partners_can_be_loaded(tmp_path):
    workspace = make_workspace(tmp_path / "demo")
    partners = load_partners(workspace)
    assert len(partners) == 2
    for partner in partners:
        assert partners.keyring(partner.id).current is not None
    assert not list(workspace.rglob("*.py"))


def test_secrets_are_random_and_readable_by_this_user_only(tmp_path):
    found = set()
    for name in ("one", "two"):
        for file in (make_workspace(tmp_path / name) / "secrets").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            found.add(file.read_text())
    assert len(found) == 4


def test_a_second_run_keeps_secrets_and_changes_and_adds_what_is_missing(tmp_path):
    workspace = make_workspace(tmp_path / "demo")
    secrets = {file: file.read_text() for file in (workspace / "secrets").iterdir()}
    settings = workspace / "gateway.toml"
    settings.write_text(settings.read_text() + "\n# mine\n")
    (workspace / "core" / "prices.csv").unlink()
    make_workspace(tmp_path / "demo")
    assert {file: file.read_text() for file in secrets} == secrets
    assert settings.read_text().endswith("# mine\n")
    assert (workspace / "core" / "prices.csv").is_file()


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="--directory"):
        make_workspace(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


MAKER = """
import sys
from pathlib import Path
from gateway.cli.demo_workspace import make_workspace
print("ready", flush=True)
sys.stdin.readline()
make_workspace(Path(sys.argv[1]))
secrets = sorted(Path(sys.argv[1], "secrets").iterdir())
print(*[file.read_text().strip() for file in secrets])
"""


def test_several_that_make_one_workspace_at_once_agree_on_it(tmp_path):
    command = (sys.executable, "-c", MAKER, str(tmp_path / "demo"))
    with ExitStack() as held:
        makers = [held.enter_context(_talking(command)) for _ in range(4)]
        for maker in makers:
            assert maker.stdout.readline() == "ready\n"
        for maker in makers:
            maker.stdin.write("go\n")
            maker.stdin.flush()
        said = [maker.stdout.read() for maker in makers]
        assert [maker.wait() for maker in makers] == [0] * 4
    assert len(set(said)) == 1
    assert len(said[0].split()) == 2
    assert len(load_partners(tmp_path / "demo")) == 2


def _talking(command):
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_run_that_is_stopped_half_way_is_finished_by_the_next(tmp_path, monkeypatch):
    whole = _contents(make_workspace(tmp_path / "whole"))
    put = demo_workspace._put
    for stop_at in range(0, len(whole), 5):
        left = [stop_at]

        def put_some(file, content, mode, left=left):
            left[0] -= 1
            if left[0] < 0:
                demo_workspace._unfinished(file).write_bytes(content[: len(content) // 2])
                raise KeyboardInterrupt
            put(file, content, mode)

        folder = tmp_path / f"stopped-{stop_at}"
        with monkeypatch.context() as patch:
            patch.setattr(demo_workspace, "_put", put_some)
            with pytest.raises(KeyboardInterrupt):
                make_workspace(folder)
        made = _contents(make_workspace(folder))
        assert made.keys() == whole.keys()
        assert all(made[name] == whole[name] for name in whole if name.parts[0] != "secrets")
        assert all(made[name] for name in made if name.parts[0] == "secrets")


def _contents(workspace):
    files = (path for path in workspace.rglob("*") if path.is_file())
    return {path.relative_to(workspace): path.read_bytes() for path in files}


def test_a_missing_example_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match="example is not here"):
        make_workspace(tmp_path / "demo", sources=(tmp_path / "nowhere",))


def test_two_demos_do_not_share_a_folder(tmp_path):
    with alone(tmp_path), pytest.raises(GatewayError, match="runs in"), alone(tmp_path):
        pass
    with alone(tmp_path):
        assert (tmp_path / "data" / "demo.lock").is_file()


def test_two_demos_that_start_together_do_not_get_one_port():
    wanted = free_port()
    with own_port("127.0.0.1", wanted, 10) as first, own_port("127.0.0.1", wanted, 10) as second:
        assert first != second
    with own_port("127.0.0.1", wanted, 1) as again:
        assert again == wanted


def test_a_port_with_a_listener_is_passed_over_and_the_last_one_told():
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(GatewayError, match="--port"), own_port("127.0.0.1", taken, 1):
            pass
