"""X's batch compliance: ids go up, and what became of them comes down. Both at addresses that must never see the token."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import ContractChanged, Unavailable
from orchestration.sources.x.retry import RetryPolicy
from orchestration.sources.x.transport import CONNECT_SECONDS, is_loopback

PATH = "/2/compliance/jobs"
POSTS = "tweets"
COMPLETE, FAILED = "complete", ("failed", "expired")
IDS_OF_A_JOB = 1_000_000
READ_SECONDS = 120.0


@dataclass
class ComplianceJobs:
    """`wait` seconds between looks at a job, at most `looks` of them: 2 hours. `sleep` is given by tests."""

    client: XClient
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = time.sleep
    wait: float = 15.0
    looks: int = 480

    def lines_about(self, ids: Iterable[str], *, kind: str = POSTS) -> Iterator[str]:
        """X's answer, line by line: only what must go is in it. Raises XError; nothing of a job that did not end is answered."""
        rest = iter(ids)
        while part := list(islice(rest, IDS_OF_A_JOB)):
            yield from self._job(part, kind)

    def _job(self, ids: list[str], kind: str) -> list[str]:
        job = _data(self.client.post(PATH, {"type": kind, "resumable": False}).body)
        self._transfer("put", _address(job, "upload_url"), "\n".join(ids).encode())
        address = _address(job, "download_url")
        self._until_complete(str(job["id"]))
        return self._transfer("get", address).splitlines()

    def _until_complete(self, job_id: str) -> None:
        for look in range(self.looks):
            if look:
                self.sleep(self.wait)
            status = _data(self.client.get(f"{PATH}/{job_id}", {}).body).get("status")
            if status == COMPLETE:
                return
            if status in FAILED:
                raise Unavailable(f"X's compliance job ended as {status!r}. Run the same again: nothing was changed.")
        minutes = self.wait * (self.looks - 1) / 60
        raise Unavailable(f"X's compliance job was not complete after {minutes:.0f} minutes. Run the same again later: nothing was changed.")

    def _transfer(self, method: str, address: str, body: bytes | None = None) -> str:
        """Sends or fetches, without our token and without that of a .netrc: the address itself is the permission, and a secret."""
        import requests

        failure = ""
        for attempt in range(1, self.retry.tries + 1):
            with requests.Session() as session:
                session.trust_env = not is_loopback(address)
                try:
                    response = session.request(
                        method, address, data=body, headers={"Content-Type": "text/plain"} if body is not None else None,
                        auth=_nobody, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False,
                    )  # fmt: skip
                    if response.ok and not response.is_redirect:
                        return response.content.decode("utf-8", "replace")
                    failure = f"answered {response.status_code}"
                    if response.status_code < 500:
                        break
                except requests.RequestException as error:
                    failure = f"did not answer ({type(error).__name__})"
            if attempt < self.retry.tries:
                self.sleep(self.retry.wait_before(attempt))
        raise Unavailable(f"The {'upload' if body is not None else 'download'} of X's compliance job {failure}. Run the same again: nothing was changed.")


def _nobody(request: Any) -> Any:
    return request


def _data(body: dict[str, Any]) -> dict[str, Any]:
    data = body.get("data")
    if not isinstance(data, dict) or not data.get("id"):
        raise ContractChanged(f"X answered {PATH} with something that is no job.")
    return data


def _address(job: dict[str, Any], name: str) -> str:
    """Raises ContractChanged for an address that would show ids in clear."""
    held = job.get(name)
    address = held if isinstance(held, str) else ""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and is_loopback(address)):
        return address
    raise ContractChanged(f"X's compliance job has no {name} that can be used: https is wanted.")
