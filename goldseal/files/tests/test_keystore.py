"""The key store keeps keys apart from data, gives one key to all, and forgets for good."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from goldseal.files.engine.keystore import FolderKeyStore, KeyDestroyed, KeyMissing, KeyStoreError

NORTH = UUID("01890000-0000-7000-8000-000000000001")
SOUTH = UUID("01890000-0000-7000-8000-000000000002")


@pytest.fixture
def folders(tmp_path):
    return tmp_path / "keys", tmp_path / "data"


@pytest.fixture
def keys(folders):
    return FolderKeyStore(folders[0], data_root=folders[1])


def all_bytes(folder) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_each_workspace_has_its_own_lasting_key(keys, folders):
    north = keys.create(NORTH)
    assert len(north) == 32
    assert keys.create(NORTH) == keys.get(NORTH) == north
    assert keys.create(SOUTH) != north
    assert FolderKeyStore(folders[0], data_root=folders[1]).get(NORTH) == north


def test_keys_are_stored_wrapped_and_readable_by_the_owner_only(keys, folders):
    north = keys.create(NORTH)
    keys.put_secret("seal", b"a private key")
    assert north not in all_bytes(folders[0])
    assert north.hex().encode() not in all_bytes(folders[0])
    assert b"a private key" not in all_bytes(folders[0])
    for path in folders[0].rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_workspace_that_never_had_a_key(keys):
    with pytest.raises(KeyMissing, match=str(NORTH)):
        keys.get(NORTH)


def test_a_destroyed_key_is_gone_and_stays_gone(keys, folders):
    keys.create(NORTH)
    south = keys.create(SOUTH)
    wrapped = (folders[0] / "workspaces" / f"{NORTH}.key").read_bytes()
    keys.destroy(NORTH)
    keys.destroy(NORTH)
    assert wrapped not in all_bytes(folders[0])
    assert str(NORTH) not in "".join(str(path) for path in folders[0].rglob("*"))
    for ask in (keys.get, keys.create, FolderKeyStore(folders[0], data_root=folders[1]).get):
        with pytest.raises(KeyDestroyed):
            ask(NORTH)
    assert keys.get(SOUTH) == south


def test_a_key_brought_back_from_a_backup_stays_destroyed(keys, folders):
    keys.create(NORTH)
    path = folders[0] / "workspaces" / f"{NORTH}.key"
    backup = path.read_bytes()
    keys.destroy(NORTH)
    path.write_bytes(backup)
    with pytest.raises(KeyDestroyed):
        keys.get(NORTH)


def test_destroying_what_never_existed_is_no_error(keys):
    keys.destroy(NORTH)
    with pytest.raises(KeyDestroyed):
        keys.create(NORTH)


@pytest.mark.parametrize("where", ["inside", "same", "around"])
def test_keys_and_data_may_not_lie_within_each_other(tmp_path, where):
    data = tmp_path / "state" / "data"
    root = {"inside": data / "keys", "same": data, "around": tmp_path / "state"}[where]
    with pytest.raises(KeyStoreError, match="separate folders"):
        FolderKeyStore(root, data_root=data)
    assert not data.exists()


def test_a_link_into_the_data_is_seen_through(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "keys").symlink_to(tmp_path / "data")
    with pytest.raises(KeyStoreError, match="separate folders"):
        FolderKeyStore(tmp_path / "keys", data_root=tmp_path / "data")


def test_a_master_key_open_to_others_is_refused(keys, folders):
    (folders[0] / "master.key").chmod(0o640)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        FolderKeyStore(folders[0], data_root=folders[1])


def test_a_lost_or_damaged_master_key_is_never_replaced_silently(keys, folders):
    keys.create(NORTH)
    master = folders[0] / "master.key"
    master.write_text("not a key")
    with pytest.raises(KeyStoreError, match="damaged"):
        FolderKeyStore(folders[0], data_root=folders[1])
    master.write_text("00" * 32)
    with pytest.raises(KeyStoreError, match="another master key"):
        FolderKeyStore(folders[0], data_root=folders[1]).get(NORTH)
    master.unlink()
    with pytest.raises(KeyStoreError, match="Restore it"):
        FolderKeyStore(folders[0], data_root=folders[1])


def test_a_key_file_moved_to_another_workspace_does_not_open(keys, folders):
    keys.create(NORTH)
    keys.create(SOUTH)
    workspaces = folders[0] / "workspaces"
    os.replace(workspaces / f"{NORTH}.key", workspaces / f"{SOUTH}.key")
    with pytest.raises(KeyStoreError, match="damaged"):
        keys.get(SOUTH)


def test_secrets_are_kept_once_and_forgotten_on_request(keys):
    keys.put_secret("seal", b"one")
    with pytest.raises(KeyStoreError, match="exists already"):
        keys.put_secret("seal", b"two")
    assert keys.get_secret("seal") == b"one"
    assert keys.ensure_secret("seal", lambda: b"three") == b"one"
    assert keys.ensure_secret("anchor", lambda: b"four") == b"four"
    keys.delete_secret("seal")
    keys.delete_secret("seal")
    with pytest.raises(KeyMissing):
        keys.get_secret("seal")


@pytest.mark.parametrize("name", ["", "../seal", "Seal", "a/b", "a" * 65, "seal\n"])
def test_names_of_secrets_cannot_leave_the_folder(keys, name):
    with pytest.raises(ValueError, match="secret's name"):
        keys.put_secret(name, b"x")


def test_a_store_that_another_process_opens_first_is_not_taken_for_a_damaged_one(folders, monkeypatch):
    """Between the look for the master key and the look for wrapped keys, another process makes both."""
    looked = Path.exists
    made = []

    def exists(path):
        found = looked(path)
        if path.name == "master.key" and not made:
            made.append(path)
            made.append(FolderKeyStore(folders[0], data_root=folders[1]).create(NORTH))
        return found

    monkeypatch.setattr(Path, "exists", exists)
    assert FolderKeyStore(folders[0], data_root=folders[1]).get(NORTH) == made[1]


def test_first_use_by_many_at_once_gives_all_the_same_keys(folders):
    def first_use(_number):
        store = FolderKeyStore(folders[0], data_root=folders[1])
        return store.create(NORTH), store.ensure_secret("seal", lambda: os.urandom(16))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(first_use, range(24)))) == 1
    assert not list(folders[0].rglob("*.part"))
