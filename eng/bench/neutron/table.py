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
    values = [result.get(part, {}).get(key) if result else None for result in (neutron, dhcphost)]
    cells = ['' if value is None else ('%s %s' % (value, unit)).strip() for value in values]
    ratio = '%.1f' % (values[0] / values[1]) if values[0] is not None and values[1] else ''
    print('| %s | %s | %s | %s |' % (title, cells[0], cells[1], ratio))
for name, result in results.items():
    if 'failed' in result:
        print('\n%s was not done with a step, and measured no further: %s.' % (name, result['failed']))
for name, result in results.items():
    print('<!-- %s: %s -->' % (name, json.dumps(result)))
