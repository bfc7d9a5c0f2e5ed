"""The whole product under one supervisor: what is started in which order, and how it stops."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from cxsaas.local import catalogue, checks
from cxsaas.local import environment as env
from cxsaas.local.bootstrap import bootstrap_database
from cxsaas.local.errors import LocalError
from cxsaas.local.layout import CHECKOUT, Layout
from cxsaas.local.output import Output
from cxsaas.local.postgres import EmbeddedPostgres, last_line
from cxsaas.local.processes import Service, Supervisor
from cxsaas.local.table import start_table

SERVER_SECONDS = 60.0
READY_SECONDS = 90.0
TOO_MANY_DEATHS = 3


class Stack:
    """One run on this machine: the embedded servers and, on top of them, the product."""

    def __init__(self, place: Layout, environment: Mapping[str, str], servers: env.Servers) -> None:
        """Take where, with which settings, and which servers are ours."""
        self.place = place
        self.environment = environment
        self.servers = servers
        self.output = Output(sys.stdout, place.logs)
        self.supervisor = Supervisor(
            record=place.run / "processes.json", output=self.output, cwd=CHECKOUT
        )
        self._names: list[str] = []

    def serve(self) -> None:
        """Start everything, show the table, serve until told to stop, stop everything."""
        port = env.port_of(self.environment)
        checks.check_port(port)
        self.supervisor.listen()
        try:
            self._start_servers()
            self._start_product(port)
            while not self.supervisor.stopping:
                self.supervisor.poll(1.0)
        finally:
            self._stop()

    @contextmanager
    def servers_only(self) -> Iterator[None]:
        """Have the embedded servers run quietly, for as long as one command needs them."""
        embedded = [one for one in (self.servers.valkey, self.servers.postgres) if one]
        with ExitStack() as started:
            for server in embedded:
                started.callback(server.stop)
                server.start()
            self._bootstrap()
            yield

    def _start_servers(self) -> None:
        """Start what is embedded, ask what is given, and bring the roles into order."""
        checks.check_disk(self.place)
        ended = self.supervisor.end_leftovers()
        if ended:
            self.output.say(f"Ended {ended} processes that an earlier run had left behind.")
        valkey, postgres = self.servers.valkey, self.servers.postgres
        if valkey:
            valkey.prepare()
            self._launch(catalogue.valkey_server(valkey, self.environment))
        else:
            checks.check_broker(self.environment["CELERY_BROKER_URL"])
        if postgres:
            self._start_postgres(postgres)
        else:
            for name in ("DATABASE_URL", env.OWNER_URL):
                checks.check_database(name, self.environment[name])
        if valkey:
            self._await("valkey", valkey.is_ready, seconds=SERVER_SECONDS, deaths=1)

    def _stop(self) -> None:
        """Stop the product, then the servers it needs."""
        self.supervisor.stopping = True
        product = [name for name in self._names if name not in {"postgres", "valkey"}]
        if product:
            self.output.say("Stopping …")
        self.supervisor.stop(*product)
        self.supervisor.stop("valkey", "postgres")
        if product:
            self.output.say(f"Stopped. The data stays in {self.place.root}.")
        self.output.close()
        signal.set_wakeup_fd(-1)
        self.supervisor.close()

    def _start_postgres(self, postgres: EmbeddedPostgres) -> None:
        if not (postgres.data_dir / "PG_VERSION").exists():
            self.output.say(f"First start: creating the database in {postgres.data_dir}.")
        postgres.prepare()
        self._launch(catalogue.postgres_server(postgres, self.environment))
        self._await(
            "postgres",
            lambda: postgres.is_ready(self.supervisor.pid("postgres")),
            seconds=SERVER_SECONDS,
            deaths=1,
        )
        if not self.supervisor.stopping:
            self._bootstrap()

    def _bootstrap(self) -> None:
        if self.servers.postgres:
            superuser = self.servers.postgres.superuser_dsn()
            bootstrap_database(superuser, env.DATABASE, env.OWNER, env.APP)

    def _start_product(self, port: int) -> None:
        self._check(catalogue.manage("migrate", ("migrate_all",), self.environment))
        if self.supervisor.stopping:
            return
        services = catalogue.product(self.environment, self.place, port)
        for service in services:
            self._launch(service)
        self._check(catalogue.manage("seed", ("seed_demo", "--if-empty"), self.environment))
        for service in services:
            self._await(
                service.name,
                lambda: checks.is_ready(port),
                seconds=READY_SECONDS,
                deaths=TOO_MANY_DEATHS,
            )
        if not self.supervisor.stopping:
            self.output.say(start_table(self.environment, self.place, port))

    def _launch(self, service: Service) -> None:
        self._names.append(service.name)
        self.supervisor.launch(service)

    def _run(self, service: Service) -> int:
        code = self.supervisor.run_once(service)
        return 0 if code is None else code

    def _check(self, service: Service) -> None:
        if not self.supervisor.stopping and self._run(service) != 0:
            raise LocalError(self._explain(service.name))

    def _await(self, name: str, ready: Callable[[], bool], *, seconds: float, deaths: int) -> None:
        def settled() -> bool:
            return self.supervisor.deaths(name) >= deaths or ready()

        reached = self.supervisor.wait_until(settled, seconds=seconds)
        if self.supervisor.stopping:
            return
        if not reached or self.supervisor.deaths(name) >= deaths:
            raise LocalError(self._explain(name))

    def _explain(self, name: str) -> str:
        log = self.place.logs / f"{name}.log"
        text = log.read_text(errors="replace")[-20_000:] if log.exists() else ""
        return f"{name} failed: {last_line(text)} (log: {log})"
