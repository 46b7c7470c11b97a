#!/usr/bin/python3
"""The data plane's side of a Neutron lab: what neutron-linuxbridge-agent does for a DHCP agent and for instances, and nothing else.

  l2_agent.py TRANSPORT_URL HOST...

For each HOST it reports a live 'Linux bridge agent', so that ports bind there. It puts every tap<first 11 characters of a port's id> that
appears on this machine on the bridge brq<first 11 characters of the network's id>, and tells the server (update_device_up) so that the
port can become ACTIVE; when a tap has gone it says that too (update_device_down). One machine plays all the hosts. SIGTERM ends it, and
takes its bridges away.
"""
import datetime
import os
import signal
import subprocess
import sys
import time

import oslo_messaging
from neutron_lib import context
from oslo_config import cfg

HEARTBEAT_INTERVAL = 10
POLL_INTERVAL = 0.1
RETRY_INTERVAL = 2
MAX_RETRY_INTERVAL = 60
CALL_TIMEOUT = 15
LINKS = '/sys/class/net'

url, hosts = sys.argv[1], sys.argv[2:]
cfg.CONF([], project='neutron', default_config_files=[])
oslo_messaging.set_transport_defaults('neutron')
transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=url)


def client(topic, version):
    target = oslo_messaging.Target(topic=topic, version=version)
    make = getattr(oslo_messaging, 'get_rpc_client', oslo_messaging.RPCClient)
    return make(transport, target).prepare(timeout=CALL_TIMEOUT)


plugin = client('q-plugin', '1.5')
reports = client('q-reports-plugin', '1.0')
admin = context.get_admin_context_without_session().to_dict()


def call(to, method, **arguments):
    """The answer as the one item of a list; nothing where the server does not give one just now: the loop asks again."""
    try:
        return [to.call(admin, method, **arguments)]
    except (oslo_messaging.MessagingException, oslo_messaging.RemoteError) as error:
        print(method, arguments, repr(error)[:1000], flush=True)
        return []


def heartbeat(host, is_start):
    state = {
        'binary': 'neutron-linuxbridge-agent', 'host': host, 'topic': 'N/A', 'agent_type': 'Linux bridge agent',
        'availability_zone': 'nova',
        # Each host has a physical network of its own, of its name.
        'configurations': {'bridge_mappings': {}, 'interface_mappings': {host: 'lab'}, 'tunnel_types': ['vxlan'], 'tunneling_ip': '127.0.0.1',
                           'l2_population': False, 'extensions': [], 'devices': len(up)}}
    if is_start:
        state['start_flag'] = True
    now = datetime.datetime.utcnow().strftime('%Y-%m-%dT%H:%M:%S.%f')
    return call(reports, 'report_state', agent_state={'agent_state': state}, time=now)


def ip(*arguments):
    return subprocess.run(('ip', 'link') + arguments, capture_output=True, text=True).returncode == 0


def bridge_of(network):
    name = 'brq' + network[:11]
    if not os.path.isdir(os.path.join(LINKS, name)):
        if not ip('add', name, 'type', 'bridge'):
            return None
        bridges.add(name)
        # The machine itself takes no part in the wire.
        with open('/proc/sys/net/ipv6/conf/%s/disable_ipv6' % name, 'w') as setting:
            setting.write('1')
        ip('set', name, 'up')
    return name


def connect(tap):
    """Whether the tap is a port's and on the port's wire now."""
    details = call(plugin, 'get_device_details', device=tap, agent_id='l2', host=hosts[0])
    if not details or 'network_id' not in details[0]:
        return False
    bridge = bridge_of(details[0]['network_id'])
    if bridge is None or not ip('set', tap, 'master', bridge, 'up'):
        return False
    # The server refuses at times, where two of its own transactions meet: a real agent asks again, too.
    return all([call(plugin, 'update_device_up', device=tap, agent_id='l2', host=host) for host in hosts])


def disconnect(tap):
    for host in hosts:
        call(plugin, 'update_device_down', device=tap, agent_id='l2', host=host)


def stop(*_):
    for name in bridges:
        ip('del', name)
    os._exit(0)


up, wait, retry_at, bridges = {}, {}, {}, set()
signal.signal(signal.SIGTERM, stop)
started, next_beat = set(), 0
while True:
    now = time.monotonic()
    if now >= next_beat:
        for host in hosts:
            if heartbeat(host, host not in started):
                started.add(host)
        next_beat = now + (HEARTBEAT_INTERVAL if len(started) == len(hosts) else 1)
    taps = {}
    for name in os.listdir(LINKS):
        if name.startswith('tap'):
            try:
                with open(os.path.join(LINKS, name, 'ifindex')) as index:
                    taps[name] = index.read()
            except OSError:
                pass
    for tap, index in taps.items():
        # A tap that was made anew has another index.
        if up.get(tap) != index and now >= retry_at.get(tap, 0):
            if connect(tap):
                up[tap] = index
            else:
                # Not there yet, or somebody else's: this machine may have more taps than ours.
                wait[tap] = min(2 * wait.get(tap, RETRY_INTERVAL / 2), MAX_RETRY_INTERVAL)
                retry_at[tap] = now + wait[tap]
    for tap in [tap for tap in up if tap not in taps]:
        del up[tap]
        disconnect(tap)
    time.sleep(POLL_INTERVAL)
