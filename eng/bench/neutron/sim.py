#!/usr/bin/python3
"""Measures one DHCP agent against a simulated Neutron: no neutron-server and no database, which would be what is measured.

  sim.py --url URL --host NAME --directory DIRECTORY --seed N [--networks 100] [--ports 10] [--events 300] [--rate 10] [--churn 30]
         [--restarts 1] [--starts-only] [--settle 10] AGENT ARGUMENT...

Starts the agent, whose files all have to be below DIRECTORY, and measures, in this order:

  cold      from its exec until all ports of NETWORKS x PORTS are reported ready (dhcp_ready_on_ports)
  memory    of its processes SETTLE seconds later: those with DIRECTORY in their command lines, but for the DHCP servers
  restart   SIGTERM, and from the exec of the next one until all ports are reported again; how many DHCP servers that replaced.
            Of several RESTARTS the median counts; --starts-only ends here
  burst     from the first of EVENTS port_create_end, spread over the networks and cast at once, until the last is reported
  paced     the same at RATE a second: from each cast until its port is reported
  churn     from the first of CHURN network_create_end (with PORTS each, cast at once) until all their ports are reported,
            and from the first network_delete_end until their namespaces have gone

Prints one JSON object: seconds, milliseconds where a key ends in _ms, MiB where it ends in _mib. An agent that is not done with a step
after --deadline seconds is measured no further; "failed" says what was missing. Then it ends all that it made.
"""
import argparse
import json
import logging
import os
import signal
import statistics
import subprocess
import sys
import time
import traceback

from model import instances
from server import NotDone, Server

NAMESPACES = '/run/netns'
STOP_DEADLINE = 60


def percentile(values, part):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * part))] * 1000, 1)


class Agent:
    """The process under test, and what it started."""

    def __init__(self, command, directory):
        self._command = command
        self._directory = directory
        self._process = None

    def start(self):
        """The moment of its exec."""
        log = open(os.path.join(self._directory, 'agent.out'), 'ab')
        now = time.monotonic()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd='/',
            env={'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG': 'C.UTF-8', 'HOME': self._directory})
        log.close()
        return now

    def stop(self):
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_DEADLINE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def servers(self):
        """The DHCP servers' numbers."""
        return sorted(pid for pid, words in self._ours() if os.path.basename(words[0]) == 'dnsmasq')

    def memory(self):
        """RSS and PSS of all but the DHCP servers, and their number."""
        rss = pss = count = 0
        for pid, words in self._ours():
            if os.path.basename(words[0]) == 'dnsmasq':
                continue
            try:
                with open('/proc/%d/smaps_rollup' % pid) as rollup:
                    sizes = {line.split(':')[0]: int(line.split()[1]) for line in rollup if line.endswith('kB\n')}
            except (FileNotFoundError, ProcessLookupError):
                continue
            rss, pss, count = rss + sizes['Rss'], pss + sizes['Pss'], count + 1
        return {'rss_mib': round(rss / 1024, 1), 'pss_mib': round(pss / 1024, 1), 'processes': count}

    def clean(self, networks):
        """Ends the agent, its helpers and servers, and takes the networks' namespaces away."""
        self.stop()
        for pid, _ in self._ours():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for name in existing(networks):
            subprocess.run(['ip', 'netns', 'del', name], check=False)

    def _ours(self):
        for name in os.listdir('/proc'):
            if name.isdigit() and int(name) != os.getpid():
                try:
                    with open('/proc/%s/cmdline' % name, 'rb') as file:
                        words = file.read().decode(errors='replace').rstrip('\0').split('\0')
                except (FileNotFoundError, ProcessLookupError):
                    continue
                # The simulator's own command line and its parents' have the directory too.
                if any(self._directory in word for word in words) and not any('sim.py' in word or 'bench.sh' in word for word in words):
                    yield int(name), words


def existing(networks):
    names = set(os.listdir(NAMESPACES)) if os.path.isdir(NAMESPACES) else set()
    return ['qdhcp-' + network['id'] for network in networks if 'qdhcp-' + network['id'] in names]


def cast_ports(server, networks, count, rate):
    """Creates and announces ports round the networks; each port's id with the moment of its cast."""
    cast_at, start = {}, time.monotonic()
    for index in range(count):
        port = server.change(lambda model: model.add_port(networks[index % len(networks)]))
        cast_at[port['id']] = time.monotonic()
        server.notify('port_create_end', port=port, priority=6)
        if rate:
            time.sleep(max(0, start + (index + 1) / rate - time.monotonic()))
    return cast_at


def measure(options, server, agent, networks, made, out):
    start = agent.start()
    ids = instances(networks)
    out['cold'] = {'seconds': round(max(server.wait_ready(ids, options.deadline)) - start, 3)}
    time.sleep(options.settle)
    out['memory'] = agent.memory()

    before, restarts = agent.servers(), []
    for _ in range(options.restarts):
        agent.stop()
        server.forget_ready()
        start = agent.start()
        restarts.append(round(max(server.wait_ready(ids, options.deadline)) - start, 3))
        time.sleep(options.settle)
    out['restart'] = {'seconds': statistics.median(restarts), 'all_seconds': restarts}
    out['restart']['servers'] = len(before)
    out['restart']['servers_replaced'] = len(set(before) - set(agent.servers()))
    if options.starts_only:
        return

    cast_at = cast_ports(server, networks, options.events, rate=0)
    start, times = min(cast_at.values()), server.wait_ready(list(cast_at), options.deadline)
    out['burst'] = {'seconds': round(max(times) - start, 3)}
    time.sleep(options.settle)

    cast_at = cast_ports(server, networks, options.events, options.rate)
    latencies = [ready - cast for ready, cast in zip(server.wait_ready(list(cast_at), options.deadline), cast_at.values())]
    out['paced'] = {'seconds': round(max(server.ready[port] for port in cast_at) - min(cast_at.values()), 3)}
    out['paced'].update({'p50_ms': percentile(latencies, .5), 'p99_ms': percentile(latencies, .99), 'max_ms': percentile(latencies, 1)})
    time.sleep(options.settle)

    fresh, start = [], time.monotonic()
    for _ in range(options.churn):
        network = server.change(lambda model: model.add_network(options.ports))
        fresh.append(network)
        made.append(network)
        server.notify('network_create_end', network={'id': network['id']}, priority=0)
    out['churn'] = {'seconds': round(max(server.wait_ready(instances(fresh), options.deadline)) - start, 3)}
    start = time.monotonic()
    for network in fresh:
        server.change(lambda model: model.remove_network(network))
        server.notify_all('network_delete_end', network_id=network['id'], priority=2)
    while existing(fresh):
        if time.monotonic() - start > options.deadline:
            raise NotDone('%d of %d namespaces are left after %d s' % (len(existing(fresh)), len(fresh), options.deadline))
        time.sleep(.02)
    out['churn']['delete_seconds'] = round(time.monotonic() - start, 3)

    out['calls'] = dict(server.calls)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--url', required=True)
    parser.add_argument('--host', required=True)
    parser.add_argument('--directory', required=True)
    parser.add_argument('--seed', type=int, required=True)
    for name, default in (('networks', 100), ('ports', 10), ('events', 300), ('churn', 30), ('restarts', 1)):
        parser.add_argument('--' + name, type=int, default=default)
    parser.add_argument('--starts-only', action='store_true')
    parser.add_argument('--rate', type=float, default=10)
    parser.add_argument('--deadline', type=float, default=600)
    parser.add_argument('--settle', type=float, default=10)
    parser.add_argument('agent', nargs=argparse.REMAINDER)
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)

    server = Server(options.url, options.host, options.seed)
    networks = [server.change(lambda model: model.add_network(options.ports)) for _ in range(options.networks)]
    agent, made = Agent(options.agent, options.directory), list(networks)
    # Its parent ends it with SIGTERM: clean up then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    out, code = {}, 0
    try:
        measure(options, server, agent, networks, made, out)
    except NotDone as error:
        out['failed'] = str(error)
    except SystemExit as exit_:
        code = exit_.code
    except Exception:
        traceback.print_exc()
        code = 1
    finally:
        agent.clean(made)
    print(json.dumps(out), flush=True)
    # oslo.messaging's threads would wait for the broker.
    os._exit(code)


if __name__ == '__main__':
    main()
