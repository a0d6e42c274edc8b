"""Turn references to secrets into secrets: `env:NAME`, `file:PATH`, `sealed:TOKEN`.

A sealed secret is a Fernet token (AES-CBC with HMAC) under the workspace key, so it may stand in
git; the key may not. The key is `GATEWAY_KEY` or `<workspace>/data/gateway.key`, made on first use.
Several keys, a line each, are taken for reading while they are exchanged; the first one seals.
A secret leaves its `Secret` only by `reveal`, so that no log, traceback or repr can show it.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from gateway.errors import ConfigurationError

KEY_VARIABLE: Final = "GATEWAY_KEY"
KEY_FILE: Final = "gateway.key"
MAX_SECRET_BYTES: Final = 4096

SCHEMES: Final = ("env", "file", "sealed")


class Secret:
    """Hold a secret that shows itself only when asked by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself: to compute with, never to print."""
        return self._value

    def digest(self, key: bytes) -> bytes:
        """Return a keyed digest of fixed length, fit for comparing in constant time.

        BLAKE2 takes a key by itself, in a tenth of the time of an HMAC, made for each arrival.
        """
        value = self._value.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(value, key=key, digest_size=32).digest()

    def __repr__(self) -> str:
        """Return nothing that tells secrets apart."""
        return "Secret(...)"

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be pickled: copies of a secret would outlive it."""
        message = "a secret is not written anywhere"
        raise TypeError(message)


class Vault:
    """Open and seal the secrets of one workspace."""

    def __init__(self, workspace: Path, *, data_folder: Path | None = None) -> None:
        self.workspace = workspace
        self.key_file = (data_folder or workspace / "data") / KEY_FILE

    def resolve(self, reference: str) -> Secret:
        """Return the secret that `reference` points to; `ConfigurationError` says why it cannot."""
        scheme, _, rest = reference.partition(":")
        if scheme == "env":
            value = self._from_environment(rest)
        elif scheme == "file":
            value = self._from_file(rest)
        elif scheme == "sealed":
            value = self._unseal(rest)
        else:
            message = f"expected a reference that begins with {', '.join(SCHEMES)} and a colon"
            raise ConfigurationError(message)
        return Secret(value)

    def seal(self, value: str) -> str:
        """Return a `sealed:` reference that only this workspace's key opens."""
        checked = _checked(value, "the secret")
        return "sealed:" + self._fernet(create=True).encrypt(checked.encode()).decode()

    def rotate(self) -> None:
        """Put a new key in front of the old ones; what is sealed anew then needs only it."""
        if os.environ.get(KEY_VARIABLE):
            message = (
                f"the key comes from {KEY_VARIABLE}; put a new one before it there, with a comma, "
                "then seal the secrets anew"
            )
            raise ConfigurationError(message)
        keys = self._keys(create=True)
        self._store([Fernet.generate_key().decode(), *keys])

    def forget_old_keys(self) -> None:
        """Keep only the first key; call it when nothing is sealed with the others any more."""
        self._store(self._keys(create=False)[:1])

    def weaknesses(self) -> list[str]:
        """Return what is careless about the key file, for `gateway check`."""
        if os.name != "posix" or not self.key_file.exists():
            return []
        mode = stat.S_IMODE(self.key_file.stat().st_mode)
        if mode & 0o077:
            return [f"others on this machine can read it (mode {mode:04o}) -- chmod 600"]
        return []

    def _from_environment(self, name: str) -> str:
        value = os.environ.get(name)
        if value is None:
            message = f"the environment has no variable {name}"
            raise ConfigurationError(message)
        return _checked(value, f"the variable {name}")

    def _from_file(self, name: str) -> str:
        path = self.workspace / name
        try:
            with path.open("rb") as file:
                content = file.read(MAX_SECRET_BYTES + 1)
        except OSError as error:
            message = f"the file {name} cannot be read: {error.strerror or type(error).__name__}"
            raise ConfigurationError(message) from None
        except ValueError:
            message = "this is no file name"
            raise ConfigurationError(message) from None
        try:
            return _checked(content.decode("utf-8-sig"), f"the file {name}")
        except UnicodeDecodeError:
            message = f"the file {name} is not text in UTF-8"
            raise ConfigurationError(message) from None

    def _unseal(self, token: str) -> str:
        try:
            return self._fernet(create=False).decrypt(token).decode()
        except (InvalidToken, ValueError):
            message = (
                f"the workspace key ({self._origin()}) does not open this sealed secret: it was "
                "sealed with another key -- restore that key, or set the secret again"
            )
            raise ConfigurationError(message) from None

    def _fernet(self, *, create: bool) -> MultiFernet:
        try:
            return MultiFernet([Fernet(key) for key in self._keys(create=create)])
        except ValueError:
            message = (
                f"the workspace key ({self._origin()}) is not usable: expected 32 bytes in "
                "URL-safe base64, as `gateway secrets rotate-key` makes them"
            )
            raise ConfigurationError(message) from None

    def _keys(self, *, create: bool) -> list[str]:
        given = os.environ.get(KEY_VARIABLE, "")
        if given.strip():
            return given.replace(",", " ").split()
        if create and not self.key_file.exists():
            self._store([Fernet.generate_key().decode()], replace=False)
        try:
            return self.key_file.read_text("ascii").split()
        except FileNotFoundError:
            message = (
                f"the workspace key is missing: neither {KEY_VARIABLE} nor {self.key_file} exists "
                "-- restore the key, or set the secrets again"
            )
        except (OSError, UnicodeDecodeError):
            message = f"the workspace key {self.key_file} cannot be read"
        raise ConfigurationError(message) from None

    def _store(self, keys: list[str], *, replace: bool = True) -> None:
        """Write the key file at one stroke; without `replace`, leave one that is there."""
        self.key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes files for their owner only.
        descriptor, name = tempfile.mkstemp(prefix=f".{KEY_FILE}.", dir=self.key_file.parent)
        new = Path(name)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write("\n".join(keys) + "\n")
                file.flush()
                os.fsync(file.fileno())
            if replace:
                new.replace(self.key_file)
            else:
                with contextlib.suppress(FileExistsError):
                    self.key_file.hardlink_to(new)
        finally:
            new.unlink(missing_ok=True)

    def _origin(self) -> str:
        return KEY_VARIABLE if os.environ.get(KEY_VARIABLE) else str(self.key_file)


def _checked(text: str, what: str) -> str:
    """Return `text` without the newline that editors add; refuse what cannot be a secret."""
    value = text.removesuffix("\n").removesuffix("\r")
    if not value.strip():
        message = f"{what} is empty"
        raise ConfigurationError(message)
    if len(value.encode("utf-8", "surrogatepass")) > MAX_SECRET_BYTES:
        message = f"{what} is longer than {MAX_SECRET_BYTES} bytes"
        raise ConfigurationError(message)
    return value
