"""One port for all services of the embedded shape: each below its prefix, health and metrics for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from xianjie.chassis.service import Service
from xianjie.contracts.errors import Unavailable
from xianjie.contracts.schemas import asyncapi

_WELCOME = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>衔接 Xianjie</title>
<style>
body { font: 16px/1.7 sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1c2733; }
code { background: #eef1f4; padding: .1em .3em; } h1 { font-size: 1.5rem; } small { color: #55606b; }
</style>
<h1>衔接平台 <small>Xianjie</small></h1>
<p>行政执法与刑事司法衔接平台正在运行。案件内容须持密钥查询；日志检查点对任何人公开。<br>
<small>The platform is running. Cases are read with a key; checkpoints of the log are public.</small></p>
<ul>
<li><a href="/audit/v1/checkpoint">日志检查点</a> <small>checkpoint of the log</small></li>
<li><a href="/readyz">运行状况</a> <small>readiness</small>,
<a href="/metrics">指标</a> <small>metrics</small></li>
<li>接口说明 <small>OpenAPI documents</small>: <a href="/intake/openapi.json">intake</a>,
<a href="/transfer/openapi.json">transfer</a>, <a href="/notification/openapi.json">notification</a>,
<a href="/audit/openapi.json">audit</a></li>
</ul>
<p>查询案件 <small>ask for cases</small>:
<code>curl -H "Authorization: Bearer $KEY" $URL/transfer/v1/cases</code></p>
</html>
"""


def gateway(services: Sequence[Service]) -> FastAPI:
    """Return the application that serves every service below its prefix."""
    app = FastAPI(title="Xianjie", openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        waiting = {service.name: await _waiting(service) for service in services}
        ready = all(state != "unavailable" for state in waiting.values())
        return JSONResponse({"ready": ready, "services": waiting}, status_code=200 if ready else 503)

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/openapi.json")
    async def openapi() -> JSONResponse:
        return JSONResponse(merged_openapi(services))

    @app.get("/asyncapi.json")
    async def events() -> JSONResponse:
        return JSONResponse(asyncapi())

    @app.get("/", response_class=HTMLResponse)
    async def welcome() -> str:
        return _WELCOME

    for service in services:
        app.mount(f"/{service.name}", service.app)
    return app


def merged_openapi(services: Sequence[Service]) -> dict[str, Any]:
    """Return one OpenAPI document of all doors, each below its prefix, names of schemas told apart by it."""
    merged: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "衔接 Xianjie", "version": "1"},
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {}},
    }
    for service in services:
        text = orjson.dumps(service.app.openapi()).decode()
        own = orjson.loads(text.replace('"#/components/schemas/', f'"#/components/schemas/{service.name}.'))
        merged["paths"] |= {f"/{service.name}{path}": item for path, item in own["paths"].items()}
        components = own.get("components", {})
        merged["components"]["schemas"] |= {
            f"{service.name}.{name}": schema for name, schema in components.get("schemas", {}).items()
        }
        merged["components"]["securitySchemes"] |= components.get("securitySchemes", {})
    return merged


async def _waiting(service: Service) -> str:
    """Say whether a service has caught up, is at work, or cannot reach its store."""
    try:
        return "settled" if await service.settled() else "working"
    except Unavailable:
        return "unavailable"
