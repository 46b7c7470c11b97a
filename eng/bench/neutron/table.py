#!/usr/bin/python3
"""table.py FILE.json...: the results of sim.py beside each other, neutron.json and dhcphost.json, as a table in Markdown."""
import json
import os
import sys

ROWS = (
    ('cold sync', 'cold', 'seconds', 's'),
    ('restart', 'restart', 'seconds', 's'),
    ('DHCP servers that the restart replaced', 'restart', 'servers_replaced', ''),
    ('port events at once, until the last is reported', 'burst', 'seconds', 's'),
    ('port events paced, median', 'paced', 'p50_ms', 'ms'),
    ('port events paced, 99 %', 'paced', 'p99_ms', 'ms'),
    ('new networks', 'churn', 'seconds', 's'),
    ('deleted networks', 'churn', 'delete_seconds', 's'),
    ('memory, RSS', 'memory', 'rss_mib', 'MiB'),
    ('memory, PSS', 'memory', 'pss_mib', 'MiB'),
)

results = {}
for path in sys.argv[1:]:
    with open(path) as file:
        results[os.path.splitext(os.path.basename(path))[0]] = json.load(file)
neutron, dhcphost = results.get('neutron'), results.get('dhcphost')

print('| What | neutron-dhcp-agent | DhcpHost | Ratio |')
print('|---|---|---|---|')
for title, part, key, unit in ROWS:
    cells = [('%s %s' % (result[part][key], unit)).strip() if result else '' for result in (neutron, dhcphost)]
    ratio = ''
    if neutron and dhcphost and dhcphost[part][key]:
        ratio = '%.1f' % (neutron[part][key] / dhcphost[part][key])
    print('| %s | %s | %s | %s |' % (title, cells[0], cells[1], ratio))
for name, result in results.items():
    print('<!-- %s: %s -->' % (name, json.dumps(result)))
