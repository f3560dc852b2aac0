"""/2/compliance/jobs: ids are uploaded, and those that must no longer be kept come back. The files are at addresses of the stub itself."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response

from orchestration.x_stub.answers import Reply, invalid, invalid_request, problem
from orchestration.x_stub.desk import Call, Desk
from orchestration.x_stub.parameters import one_of, only_known
from orchestration.x_stub.store import stamp

FIRST_ID = 1_421_185_651_106_480_129
TYPES = ("tweets", "users")
UPLOAD_TIME, DOWNLOAD_TIME = timedelta(minutes=15), timedelta(days=7)
FILES = "/stub-files/compliance/{job_id}"


@dataclass
class Job:
    id: str
    type: str
    name: str | None
    created_at: datetime
    base_url: str
    ids: list[str] = field(default_factory=list)
    uploaded: bool = False
    polls: int = 0

    def status(self, now: datetime, polls_until_complete: int) -> str:
        if not self.uploaded:
            return "created" if now < self.created_at + UPLOAD_TIME else "expired"
        return "in_progress" if self.polls <= polls_until_complete else "complete"

    def shown(self, now: datetime, polls_until_complete: int) -> dict[str, Any]:
        address = self.base_url + FILES.format(job_id=self.id)
        made: dict[str, Any] = {
            "id": self.id,
            "type": self.type,
            "created_at": stamp(self.created_at),
            "upload_url": address,
            "upload_expires_at": stamp(self.created_at + UPLOAD_TIME),
            "download_url": address,
            "download_expires_at": stamp(self.created_at + DOWNLOAD_TIME),
            "resumable": False,
            "status": self.status(now, polls_until_complete),
        }
        return made | ({"name": self.name} if self.name else {})


def new_job(desk: Desk, call: Call) -> Reply:
    only_known(call.parameters, frozenset())
    body = call.body if isinstance(call.body, dict) else {}
    if body.get("type") not in TYPES:
        raise invalid("type", body.get("type"), f"type is not one of [{','.join(TYPES)}]")
    unknown = sorted(body.keys() - {"type", "name", "resumable"})
    if unknown:
        raise invalid_request([{"parameters": {name: [str(body[name])]}, "message": f"The field [{name}] is not known"} for name in unknown])
    job = Job(str(FIRST_ID + len(desk.jobs)), body["type"], body.get("name"), call.now, call.base_url)
    desk.jobs[job.id] = job
    return Reply(200, {"data": job.shown(call.now, desk.compliance_polls)})


def one_job(desk: Desk, call: Call) -> Reply:
    only_known(call.parameters, frozenset({"compliance_job.fields"}))
    job = desk.jobs.get(call.path.rsplit("/", 1)[-1])
    if job is None:
        return problem(404, "Not Found Error", "Could not find compliance job.", "resource-not-found")
    if job.uploaded:
        job.polls += 1
    return Reply(200, {"data": job.shown(call.now, desk.compliance_polls)})


def listed_jobs(desk: Desk, call: Call) -> Reply:
    only_known(call.parameters, frozenset({"type", "status", "compliance_job.fields"}))
    if "type" not in call.parameters:
        raise invalid("type", "", "The `type` query parameter can not be empty")
    kind = one_of(call.parameters, "type", "tweets", *TYPES)
    status = call.parameters.get("status")
    shown = [job.shown(call.now, desk.compliance_polls) for job in desk.jobs.values() if job.type == kind]
    found = [each for each in shown if status is None or each["status"] == status]
    return Reply(200, ({"data": found} if found else {}) | {"meta": {"result_count": len(found)}})


def add_files(app: FastAPI, desk: Desk) -> None:
    """The addresses to which ids are uploaded and from which the answer comes: X's are on another host, which must not see the token."""

    @app.put(FILES)
    async def upload(job_id: str, request: Request) -> Response:
        job = _asked(desk, job_id, request)
        if isinstance(job, Response):
            return job
        if job.status(desk.clock.now(), desk.compliance_polls) != "created":
            return Response("The upload has ended.", 403, media_type="text/plain")
        lines = (await request.body()).decode("utf-8", "replace").split()
        job.ids, job.uploaded = lines, True
        return Response(status_code=200)

    @app.get(FILES)
    async def download(job_id: str, request: Request) -> Response:
        job = _asked(desk, job_id, request)
        if isinstance(job, Response):
            return job
        if job.status(desk.clock.now(), desk.compliance_polls) != "complete":
            return Response("There is no result yet.", 404, media_type="text/plain")
        lines = [orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in _answers(desk, job)]
        return Response(b"".join(lines), media_type="application/json")


def _asked(desk: Desk, job_id: str, request: Request) -> Job | Response:
    """The job whose file it is, or why the request is refused."""
    if request.headers.get("authorization"):
        return Response("This host takes no bearer token. Send the request without it.", 400, media_type="text/plain")
    return desk.jobs.get(job_id) or Response("There is no such file.", 404, media_type="text/plain")


def _answers(desk: Desk, job: Job) -> list[dict[str, Any]]:
    """A line for each id that must no longer be kept; the others are not named."""
    found = []
    for each in dict.fromkeys(job.ids):
        if job.type == "users":
            reason = desk.store.closed.get(each)
            made = desk.store.users.get(each, {}).get("created_at")
        else:
            stored = desk.store.by_id.get(each)
            reason = desk.store.why_gone(stored) if stored else desk.store.gone.get(each)
            made = stored.record["created_at"] if stored else None
        if reason is not None:
            now = stamp(desk.clock.now())
            found.append({"id": each, "action": "delete", "created_at": made or now, "redacted_at": now, "reason": reason})
    return found
