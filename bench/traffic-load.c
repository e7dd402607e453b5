/*
 * Connections and streams for bench/TrafficSuite.java.
 *
 *   traffic-load serve PORT                    closes what connects to PORT, reads what comes to PORT + 1
 *   traffic-load connect ADDRESS PORT SECONDS  connects one after the other; each waits for the server's end
 *   traffic-load stream ADDRESS PORT SECONDS   one connection, as fast as it goes
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 256 * 1024, BACKLOG = 1024 };

static char buffer[BUFFER];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int listener(int port)
{
    struct sockaddr_in6 place = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_any};
    int server = socket(AF_INET6, SOCK_STREAM, 0);
    int on = 1, off = 0;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(server, (struct sockaddr *)&place, sizeof place) != 0 || listen(server, BACKLOG) != 0) {
        fail("listen");
    }
    return server;
}

static void serve(int port)
{
    struct pollfd servers[2] = {{listener(port), POLLIN, 0}, {listener(port + 1), POLLIN, 0}};
    signal(SIGCHLD, SIG_IGN);
    puts("ready");
    fflush(stdout);
    for (;;) {
        if (poll(servers, 2, -1) < 0) {
            continue;
        }
        if (servers[0].revents != 0) {
            close(accept(servers[0].fd, NULL, NULL));
        }
        if (servers[1].revents != 0) {
            int peer = accept(servers[1].fd, NULL, NULL);
            if (fork() == 0) {
                while (read(peer, buffer, sizeof buffer) > 0) {
                }
                exit(0);
            }
            close(peer);
        }
    }
}

static int reach(const char *address, int port)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int isIpv4 = inet_pton(AF_INET, address, &ipv4.sin_addr) == 1;
    if (!isIpv4 && inet_pton(AF_INET6, address, &ipv6.sin6_addr) != 1) {
        fprintf(stderr, "%s is no address\n", address);
        exit(2);
    }
    int client = socket(isIpv4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
    int outcome = isIpv4 ? connect(client, (struct sockaddr *)&ipv4, sizeof ipv4)
                         : connect(client, (struct sockaddr *)&ipv6, sizeof ipv6);
    if (outcome != 0) {
        fail("connect");
    }
    return client;
}

static void connections(const char *address, int port, double seconds)
{
    double begin = now();
    long count = 0;
    while (now() < begin + seconds) {
        int client = reach(address, port);
        if (read(client, buffer, 1) != 0) {
            fail("read");
        }
        close(client);
        count++;
    }
    printf("{\"perSecond\":%.1f}\n", count / (now() - begin));
}

static void stream(const char *address, int port, double seconds)
{
    int client = reach(address, port);
    double begin = now();
    double bytes = 0;
    while (now() < begin + seconds) {
        ssize_t written = write(client, buffer, sizeof buffer);
        if (written < 0) {
            fail("write");
        }
        bytes += written;
    }
    printf("{\"gigabitsPerSecond\":%.3f}\n", bytes * 8 / 1e9 / (now() - begin));
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "serve") == 0) {
        serve(atoi(words[2]));
    } else if (count == 5 && strcmp(words[1], "connect") == 0) {
        connections(words[2], atoi(words[3]), atof(words[4]));
    } else if (count == 5 && strcmp(words[1], "stream") == 0) {
        stream(words[2], atoi(words[3]), atof(words[4]));
    } else {
        fputs("traffic-load: serve PORT | connect ADDRESS PORT SECONDS | stream ADDRESS PORT SECONDS\n", stderr);
        return 2;
    }
    return 0;
}
