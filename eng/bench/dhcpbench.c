// The measuring side of docs/performance.md, in C so that it costs next to nothing itself.
//
//   dhcpbench floor COUNT BRIDGE
//       The floor: does for COUNT networks only what no program can leave out (namespace, veth pair into BRIDGE, loopback and one
//       address, exec of dnsmasq in the namespace), all of them at once, and waits until every dnsmasq has bound its DHCP socket.
//       Prints the milliseconds, then removes everything.
//   dhcpbench ready SOCKET COUNT COMMAND...
//       Starts COMMAND and asks the management API at SOCKET until COUNT networks are Ready. Prints the milliseconds until it answered,
//       and until all were Ready, and the processor time that COMMAND had taken by then. COMMAND runs on, with its output on standard error; its pid is printed.
//   dhcpbench change INTERFACE MAC ADDRESS TIMEOUT_MS FROM TO
//       Renames the file FROM to TO, then sends DHCPDISCOVERs from MAC on INTERFACE, one a millisecond, until one is answered with
//       ADDRESS. Prints the milliseconds since the rename. Run it inside the client's namespace.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what) { perror(what); exit(1); }

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void pause_us(long us) {
    struct timespec t = {0, us * 1000};
    nanosleep(&t, NULL);
}

// --- netlink -----------------------------------------------------------------------------------------------------------------------

struct request {
    struct nlmsghdr header;
    char body[1024];
};

static void attribute(struct request *r, int type, const void *data, int length) {
    struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->header.nlmsg_len));
    a->rta_type = type;
    a->rta_len = RTA_LENGTH(length);
    if (length) memcpy(RTA_DATA(a), data, length);
    r->header.nlmsg_len = NLMSG_ALIGN(r->header.nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static struct rtattr *nest(struct request *r, int type) {
    struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->header.nlmsg_len));
    attribute(r, type, NULL, 0);
    return a;
}

static void end(struct request *r, struct rtattr *a) { a->rta_len = (char *)r + r->header.nlmsg_len - (char *)a; }

static void transact(int fd, struct request *r) {
    r->header.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
    if (send(fd, r, r->header.nlmsg_len, 0) < 0) die("netlink send");
    char answer[8192];
    if (recv(fd, answer, sizeof answer, 0) < 0) die("netlink recv");
    int error = ((struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)answer))->error;
    if (error) { errno = -error; die("netlink request"); }
}

static int netlink_socket(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) die("netlink socket");
    return fd;
}

static void veth(int fd, const char *name, int master, int peer_ns) {
    struct request r = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_NEWLINK, .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL}};
    struct ifinfomsg *link = NLMSG_DATA(&r.header);
    link->ifi_flags = link->ifi_change = IFF_UP;
    attribute(&r, IFLA_IFNAME, name, strlen(name) + 1);
    attribute(&r, IFLA_MASTER, &master, sizeof master);
    struct rtattr *info = nest(&r, IFLA_LINKINFO);
    attribute(&r, IFLA_INFO_KIND, "veth", 4);
    struct rtattr *data = nest(&r, IFLA_INFO_DATA);
    struct rtattr *peer = nest(&r, VETH_INFO_PEER);
    r.header.nlmsg_len += sizeof(struct ifinfomsg);
    attribute(&r, IFLA_IFNAME, "eth0", 5);
    attribute(&r, IFLA_NET_NS_FD, &peer_ns, sizeof peer_ns);
    end(&r, peer);
    end(&r, data);
    end(&r, info);
    transact(fd, &r);
}

static void up(int fd, int index) {
    struct request r = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_NEWLINK}};
    struct ifinfomsg *link = NLMSG_DATA(&r.header);
    link->ifi_index = index;
    link->ifi_flags = link->ifi_change = IFF_UP;
    transact(fd, &r);
}

static void address(int fd, int index, uint32_t ip, int prefix) {
    struct request r = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifaddrmsg)), .nlmsg_type = RTM_NEWADDR, .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL}};
    struct ifaddrmsg *a = NLMSG_DATA(&r.header);
    a->ifa_family = AF_INET;
    a->ifa_prefixlen = prefix;
    a->ifa_index = index;
    attribute(&r, IFA_LOCAL, &ip, sizeof ip);
    attribute(&r, IFA_ADDRESS, &ip, sizeof ip);
    transact(fd, &r);
}

// --- floor -------------------------------------------------------------------------------------------------------------------------

// Whether the process has a UDP socket on port 67 in its namespace.
static int serves(pid_t pid) {
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/net/udp", pid);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    int found = 0;
    while (!found && fgets(line, sizeof line, file)) found = strstr(line, ":0043 ") != NULL;
    fclose(file);
    return found;
}

static int floor_main(int count, const char *bridge) {
    const char *base = getenv("TMPDIR");
    char dir[200], path[256], name[64];
    snprintf(dir, sizeof dir, "%s/dhcpbench.XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(dir)) die("mkdtemp");
    int root = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd = netlink_socket(), master = if_nametoindex(bridge);
    if (!master) die(bridge);
    mkdir("/run/netns", 0755);
    pid_t *pids = calloc(count, sizeof *pids);
    char *ready = calloc(count, 1);
    double start = now_ms();
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "/run/netns/bench-%d-%d", getpid(), i);
        close(open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0));
        if (unshare(CLONE_NEWNET) || mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL)) die("namespace");
        int ns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), inside = netlink_socket();
        if (setns(root, CLONE_NEWNET)) die("setns");
        snprintf(name, sizeof name, "bench%d", i);
        veth(fd, name, master, ns);
        up(inside, 1);
        address(inside, 2, htonl(0x0a000002), 24);
        up(inside, 2);
        close(inside);
        snprintf(path, sizeof path, "%s/%d", dir, i);
        mkdir(path, 0700);
        char hosts[300], leases[300], pid_file[300];
        snprintf(hosts, sizeof hosts, "%s/host", path);
        FILE *file = fopen(hosts, "we");
        for (int port = 0; port < 10; port++) fprintf(file, "fa:16:3e:%02x:%02x:%02x,host-%d,10.0.0.%d\n", i >> 8, i & 255, port, port, 10 + port);
        fclose(file);
        snprintf(leases, sizeof leases, "--dhcp-leasefile=%s/leases", path);
        snprintf(pid_file, sizeof pid_file, "--pid-file=%s/pid", path);
        char host_option[320];
        snprintf(host_option, sizeof host_option, "--dhcp-hostsfile=%s", hosts);
        if ((pids[i] = vfork()) == 0) {
            setns(ns, CLONE_NEWNET);
            execlp("dnsmasq", "dnsmasq", "--keep-in-foreground", "--no-hosts", "--no-resolv", "--log-facility=/dev/null", "--bind-dynamic",
                   "--interface=eth0", "--conf-file=/dev/null", "--user=root", "--dhcp-range=10.0.0.0,static,255.255.255.0", leases, pid_file, host_option, NULL);
            _exit(127);
        }
        setns(root, CLONE_NEWNET);
        close(ns);
    }
    for (int left = count; left > 0; pause_us(1000))
        for (int i = 0; i < count; i++)
            if (!ready[i] && serves(pids[i])) { ready[i] = 1; left--; }
    double ms = now_ms() - start;
    for (int i = 0; i < count; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
        snprintf(path, sizeof path, "/run/netns/bench-%d-%d", getpid(), i);
        umount2(path, MNT_DETACH);
        unlink(path);
    }
    snprintf(path, sizeof path, "rm -rf %s", dir);
    if (system(path)) die("rm");
    printf("%.0f\n", ms);
    return 0;
}

// --- ready -------------------------------------------------------------------------------------------------------------------------

// The answer to GET path, whole; empty where nobody answers.
static size_t get(const char *socket_path, const char *target, char *answer, size_t size) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", socket_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t length = 0;
    char request[256];
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", target);
    if (!connect(fd, (struct sockaddr *)&to, sizeof to) && write(fd, request, n) == n)
        for (ssize_t got; length < size - 1 && (got = read(fd, answer + length, size - 1 - length)) > 0;) length += got;
    answer[length] = 0;
    close(fd);
    return length;
}

// The processor time of a process so far, of all its threads: fields 14 and 15 of /proc/PID/stat.
static long cpu_ms(pid_t pid) {
    char path[64], text[1024] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0) die(path);
    close(fd);
    unsigned long user = 0, system = 0;
    sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    return (long)((user + system) * 1000 / sysconf(_SC_CLK_TCK));
}

static int ready_main(const char *socket_path, int count, char **command) {
    double start = now_ms(), answered = 0;
    pid_t pid = fork();
    if (pid == 0) { dup2(2, 1); execvp(command[0], command); _exit(127); }
    char answer[65536];
    // Asks every 5 ms, and ever less often the longer it takes (half a percent of the time): each answer costs what is measured.
    for (long pause = 5000;; pause_us(pause)) {
        pause = now_ms() - start < 1000 ? 5000 : now_ms() - start > 100000 ? 500000 : (long)((now_ms() - start) * 5);
        if (waitpid(pid, NULL, WNOHANG) == pid) { fprintf(stderr, "the command ended\n"); return 1; }
        if (!get(socket_path, "/v1/status", answer, sizeof answer)) continue;
        if (!answered) answered = now_ms() - start;
        char *phase = strstr(answer, "\"phases\":");
        if (phase) phase = strstr(phase, "\"ready\":");
        if (phase && atoi(phase + 8) >= count) break;
        if (now_ms() - start > 300000) { fprintf(stderr, "not ready in 300 s: %s\n", answer); return 1; }
    }
    printf("answering_ms=%.0f ready_ms=%.0f cpu_ms=%ld pid=%d\n", answered, now_ms() - start, cpu_ms(pid), pid);
    return 0;
}

// --- change ------------------------------------------------------------------------------------------------------------------------

static int change_main(const char *interface, const char *mac, const char *wanted, int timeout_ms, const char *from_path, const char *to_path) {
    unsigned char hw[6];
    if (sscanf(mac, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", hw, hw + 1, hw + 2, hw + 3, hw + 4, hw + 5) != 6) { fprintf(stderr, "bad MAC\n"); return 2; }
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_port = htons(68)}, to = {.sin_family = AF_INET, .sin_port = htons(67), .sin_addr.s_addr = INADDR_BROADCAST};
    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, strlen(interface) + 1) || bind(fd, (struct sockaddr *)&from, sizeof from)) die("socket");
    uint32_t want = inet_addr(wanted), xid = getpid() ^ (uint32_t)time(NULL);
    unsigned char discover[300] = {1, 1, 6, 0}, answer[1500];
    memcpy(discover + 4, &xid, 4);
    discover[10] = 0x80; // broadcast
    memcpy(discover + 28, hw, 6);
    memcpy(discover + 236, "\x63\x82\x53\x63\x35\x01\x01\x37\x01\x03\xff", 11);
    double start = now_ms();
    if (rename(from_path, to_path)) die("rename");
    while (now_ms() - start < timeout_ms) {
        if (sendto(fd, discover, sizeof discover, 0, (struct sockaddr *)&to, sizeof to) < 0) die("send");
        struct pollfd p = {.fd = fd, .events = POLLIN};
        double next = now_ms() + 1;
        for (double left = 1; left > 0; left = next - now_ms()) {
            if (poll(&p, 1, 1) <= 0) continue;
            ssize_t n = recv(fd, answer, sizeof answer, 0);
            if (n >= 240 && !memcmp(answer + 4, &xid, 4) && !memcmp(answer + 16, &want, 4)) {
                printf("%.2f\n", now_ms() - start);
                return 0;
            }
        }
    }
    fprintf(stderr, "no offer of %s within %d ms\n", wanted, timeout_ms);
    return 1;
}

int main(int argc, char **argv) {
    if (argc == 4 && !strcmp(argv[1], "floor")) return floor_main(atoi(argv[2]), argv[3]);
    if (argc > 4 && !strcmp(argv[1], "ready")) return ready_main(argv[2], atoi(argv[3]), argv + 4);
    if (argc == 8 && !strcmp(argv[1], "change")) return change_main(argv[2], argv[3], argv[4], atoi(argv[5]), argv[6], argv[7]);
    fprintf(stderr, "usage: dhcpbench floor COUNT BRIDGE | ready SOCKET COUNT COMMAND... | change INTERFACE MAC ADDRESS TIMEOUT_MS FROM TO\n");
    return 2;
}
