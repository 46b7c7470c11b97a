"""Neutron's side of the DHCP agent RPC: answers every call of an agent from a model, and casts what neutron-server casts."""
import collections
import copy
import threading
import time

import oslo_messaging
from oslo_config import cfg

from model import Model


class NotDone(Exception):
    """The agent has not done within the deadline what was waited for."""


class Server:
    """The RPC server and the notifier. It keeps the time at which each port was reported ready for the first time."""

    def __init__(self, url, host, seed):
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self.model = Model(seed, host)
        self.calls = collections.Counter()
        self.ready = {}
        cfg.CONF([], project='bench', default_config_files=[])
        oslo_messaging.set_transport_defaults('neutron')
        transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=url)
        self._servers = []
        for topic, endpoint in (('q-plugin', _Plugin(self)), ('q-reports-plugin', _Reports(self))):
            target = oslo_messaging.Target(topic=topic, server='bench')
            self._servers.append(oslo_messaging.get_rpc_server(transport, target, [endpoint], executor='threading'))
        for server in self._servers:
            server.start()
        make = getattr(oslo_messaging, 'get_rpc_client', oslo_messaging.RPCClient)
        client = make(transport, oslo_messaging.Target(topic='dhcp_agent', version='1.0'))
        self._agent, self._agents = client.prepare(server=host), client.prepare(fanout=True)

    def answer(self, method, compute=lambda model: None):
        """Counts a call; its answer is a copy, which may be serialised while the model changes."""
        with self._lock:
            self.calls[method] += 1
            return copy.deepcopy(compute(self.model))

    def change(self, compute):
        """Changes the model between calls."""
        with self._lock:
            return compute(self.model)

    def report_ready(self, ids):
        now = time.monotonic()
        with self._changed:
            for port in ids:
                self.ready.setdefault(port, now)
            self._changed.notify_all()

    def forget_ready(self):
        with self._lock:
            self.ready.clear()

    def wait_ready(self, ids, deadline):
        """The times at which these ports were reported; fails if some are missing after that many seconds."""
        end, missing = time.monotonic() + deadline, set(ids)
        with self._changed:
            while True:
                missing.difference_update(self.ready)
                if not missing:
                    return [self.ready[port] for port in ids]
                if time.monotonic() > end:
                    raise NotDone('%d of %d ports were not reported ready within %d s' % (len(missing), len(ids), deadline))
                self._changed.wait(1)

    def notify(self, method, **payload):
        self._agent.cast({}, method, payload=payload)

    def notify_all(self, method, **payload):
        self._agents.cast({}, method, payload=payload)


class _Plugin:
    target = oslo_messaging.Target(version='1.10')

    def __init__(self, server):
        self._server = server

    def get_active_networks_info(self, context, **_):
        return self._server.answer('get_active_networks_info', lambda model: list(model.networks.values()))

    def get_network_info(self, context, network_id, **_):
        return self._server.answer('get_network_info', lambda model: model.networks.get(network_id))

    def get_networks(self, context, filters=None, **_):
        ids = (filters or {}).get('id')
        return self._server.answer(
            'get_networks', lambda model: [network for network in model.networks.values() if ids is None or network['id'] in ids])

    def get_ports(self, context, port_filters=None, **_):
        filters = port_filters or {}
        return self._server.answer('get_ports', lambda model: [
            port for port in model.ports.values() if all(port.get(key) in values for key, values in filters.items())])

    def get_dhcp_port(self, context, port_id, **_):
        return self._server.answer('get_dhcp_port', lambda model: model.ports.get(port_id))

    def create_dhcp_port(self, context, port, **_):
        return self._server.answer('create_dhcp_port', lambda model: model.add_port(
            model.networks[port['port']['network_id']], 'network:dhcp', port['port']['device_id']))

    def update_dhcp_port(self, context, port_id, port, **_):
        return self._server.answer('update_dhcp_port', lambda model: model.ports.get(port_id))

    def release_dhcp_port(self, context, **_):
        return self._server.answer('release_dhcp_port')

    def dhcp_ready_on_ports(self, context, port_ids, **_):
        self._server.report_ready(port_ids)
        return self._server.answer('dhcp_ready_on_ports')


class _Reports:
    target = oslo_messaging.Target(version='1.4')

    def __init__(self, server):
        self._server = server

    def report_state(self, context, agent_state=None, **_):
        self._server.answer('report_state')
        return 'alive'
