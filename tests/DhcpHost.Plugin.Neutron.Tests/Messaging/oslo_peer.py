#!/usr/bin/python3
"""The real oslo.messaging on the other side: Neutron's server, which answers calls and casts to agents, or another agent that listens.

oslo_peer.py URL SUFFIX [OPTION=VALUE...]    options of [oslo_messaging_rabbit]; topics and the exchange have the suffix

Reads commands as lines of JSON on standard input, writes what happens as lines of JSON on standard output.
"""
import json
import logging
import sys
import threading
import time

import oslo_messaging
from oslo_config import cfg

url, suffix, options = sys.argv[1], sys.argv[2], sys.argv[3:]
logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
out = threading.Lock()


def tell(**event):
    with out:
        print(json.dumps(event), flush=True)


class IpAddressGenerationFailure(Exception):
    """As neutron-lib's."""


IpAddressGenerationFailure.__module__ = 'neutron_lib.exceptions'


class Plugin:
    target = oslo_messaging.Target(version='1.10')

    def echo(self, context, value):
        tell(called='echo', context=context)
        return value

    def nothing(self, context):
        return None

    def slow(self, context, seconds):
        tell(called='slow')
        time.sleep(seconds)
        return seconds

    def refuse(self, context, text):
        tell(called='refuse')
        raise IpAddressGenerationFailure(text)

    def expected(self, context, text):
        try:
            raise IpAddressGenerationFailure(text)
        except IpAddressGenerationFailure:
            raise oslo_messaging.ExpectedException()

    def large(self, context, size):
        return 'x' * size


class Agent:
    target = oslo_messaging.Target(version='1.0')

    def __getattr__(self, name):
        if name.startswith('_') or name in ('after_start', 'target'):
            raise AttributeError(name)
        return lambda context, **arguments: tell(cast=name, args=arguments)


conf = cfg.CONF
oslo_messaging.set_transport_defaults('neutron' + suffix)
conf([], project='peer', default_config_files=[])
transport = oslo_messaging.get_rpc_transport(conf, url=url)
for option in options:
    name, value = option.split('=', 1)
    conf.set_override(name, json.loads(value), 'oslo_messaging_rabbit')
transport = oslo_messaging.get_rpc_transport(conf, url=url)
make_client = getattr(oslo_messaging, 'get_rpc_client', None) or oslo_messaging.RPCClient
client = make_client(transport, oslo_messaging.Target(topic='dhcp_agent' + suffix, version='1.0'))
servers = []


def serve(topic, server, endpoint):
    made = oslo_messaging.get_rpc_server(
        transport, oslo_messaging.Target(topic=topic + suffix, server=server), [endpoint], executor='threading')
    made.start()
    servers.append(made)


tell(ready=True)
for line in sys.stdin:
    command = json.loads(line)
    do = command['do']
    if do == 'serve':
        serve('q-plugin', 'peer', Plugin())
    elif do == 'listen':
        serve('dhcp_agent', command['host'], Agent())
    elif do == 'stop':
        for server in servers:
            server.stop()
            server.wait()
        servers.clear()
    elif do == 'cast':
        client.prepare(server=command['host']).cast({}, command['method'], **command['args'])
    elif do == 'fanout':
        client.prepare(fanout=True).cast({}, command['method'], **command['args'])
    elif do == 'burst':
        target = client.prepare(server=command['host'])
        for number in range(command['count']):
            target.cast({}, 'port_update_end', payload={'number': number, 'port': {'id': 'p' * 36, 'name': 'n' * command['size']}})
    tell(done=do)
