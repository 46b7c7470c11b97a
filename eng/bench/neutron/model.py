"""Networks, subnets and ports in memory, as Neutron's server tells a DHCP agent of them (the dicts of get_active_networks_info)."""
import ipaddress
import random
import uuid

PROJECT = 'bench'
DOMAIN = 'bench.example.'


class Model:
    """Everything is a function of the seed: two models of one seed hold the same networks. Not thread safe."""

    def __init__(self, seed, host):
        self._random = random.Random(seed)
        self._host = host
        self._counter = 0
        self.networks = {}
        self.ports = {}

    def add_network(self, ports):
        """A network with one IPv4 subnet, the agent's own port on it, and that many instances' ports."""
        number = self._counter
        self._counter += 1
        cidr = ipaddress.ip_network((int(ipaddress.ip_address('10.0.0.0')) + (number << 16) % (1 << 24), 16))
        network = {
            'id': self._id(), 'name': 'bench-%d' % number, 'project_id': PROJECT, 'tenant_id': PROJECT, 'admin_state_up': True,
            'status': 'ACTIVE', 'shared': False, 'mtu': 1450, 'revision_number': 2, 'subnets': [], 'non_local_subnets': [], 'ports': []}
        network['subnets'].append({
            'id': self._id(), 'name': '', 'network_id': network['id'], 'project_id': PROJECT, 'tenant_id': PROJECT, 'ip_version': 4,
            'cidr': str(cidr), 'gateway_ip': str(cidr[1]), 'enable_dhcp': True, 'ipv6_address_mode': None, 'ipv6_ra_mode': None,
            'allocation_pools': [{'start': str(cidr[2]), 'end': str(cidr[-2])}], 'dns_nameservers': ['9.9.9.9'], 'shared': False,
            'host_routes': [{'destination': '192.0.2.0/24', 'nexthop': str(cidr[254])}], 'subnetpool_id': None, 'service_types': [],
            'revision_number': 0})
        self.networks[network['id']] = network
        self.add_port(network, owner='network:dhcp', device=self._agent_device(network['id']))
        for _ in range(ports):
            self.add_port(network)
        return network

    def add_port(self, network, owner='compute:nova', device=None):
        subnet = network['subnets'][0]
        address = str(ipaddress.ip_network(subnet['cidr'])[2 + len(network['ports'])])
        name = 'host-' + address.replace('.', '-')
        port = {
            'id': self._id(), 'name': '', 'network_id': network['id'], 'project_id': PROJECT, 'tenant_id': PROJECT, 'admin_state_up': True,
            'status': 'DOWN', 'mac_address': 'fa:16:3e:%02x:%02x:%02x' % tuple(self._random.randrange(256) for _ in range(3)),
            'device_owner': owner, 'device_id': device or self._id(), 'revision_number': 1, 'security_groups': [],
            'fixed_ips': [{'subnet_id': subnet['id'], 'ip_address': address}], 'allowed_address_pairs': [], 'extra_dhcp_opts': [],
            'dns_name': '', 'dns_assignment': [{'ip_address': address, 'hostname': name, 'fqdn': name + '.' + DOMAIN}],
            'binding:host_id': self._host, 'binding:vif_type': 'bridge', 'binding:vnic_type': 'normal', 'binding:profile': {},
            'binding:vif_details': {'connectivity': 'l2', 'port_filter': True}}
        network['ports'].append(port)
        self.ports[port['id']] = port
        return port

    def remove_network(self, network):
        del self.networks[network['id']]
        for port in network['ports']:
            del self.ports[port['id']]

    def _agent_device(self, network_id):
        return 'dhcp%s-%s' % (uuid.uuid5(uuid.NAMESPACE_DNS, self._host.split('.')[0]), network_id)

    def _id(self):
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def instances(networks):
    """The ids of the ports that an agent has to report ready."""
    return [port['id'] for network in networks for port in network['ports'] if port['device_owner'] != 'network:dhcp']
