// Many clients that behave badly, or just rest, until they are told to go.
//   drip: each sends one byte of a request's head a second, without end.
//   deaf: each asks for PATH and never reads.
//   wait: each asks for PATH once, reads what comes, and asks nothing more.
// usage: crowd PORT KIND CONNECTIONS PATH   prints "ready N" when all are connected (and, for wait, answered), and "left N",
// how many are still connected, when its standard input ends.
#include "net.h"
#include <poll.h>
#include <sys/resource.h>

struct client {
  int fd;
  uint64_t got;
};

static struct client *clients;
static int count, open_now, ep;
static char sink[1 << 16];

static void lose(struct client *c) {
  close(c->fd);
  c->fd = -1;
  open_now--;
}

static void connect_all(int port, int reads) {
  for (int i = 0; i < count; i++) {
    struct client *c = &clients[i];
    // 28,000 ports an address: the crowd comes from several.
    struct sockaddr_in from = {.sin_family = AF_INET}, to = loopback(port);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)i / 5000);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    int small = 4096;
    if (!reads) setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (c->fd < 0 || bind(c->fd, (struct sockaddr *)&from, sizeof from)) die("bind");
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) die("connect");
    prepare(c->fd);
    struct epoll_event e = {.events = reads ? EPOLLIN : EPOLLRDHUP, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
    open_now++;
  }
}

static void tell(struct client *c, const char *text, size_t length) {
  if (c->fd >= 0 && send(c->fd, text, length, MSG_NOSIGNAL) < 0 && errno != EAGAIN) lose(c);
}

static void events(int millis, int reads) {
  struct epoll_event happened[256];
  int n = epoll_wait(ep, happened, 256, millis);
  for (int i = 0; i < n; i++) {
    struct client *c = happened[i].data.ptr;
    if (c->fd < 0) continue;
    ssize_t got = reads ? recv(c->fd, sink, sizeof sink, 0) : 0;
    if (got > 0) c->got += (uint64_t)got;
    else if (got == 0 || errno != EAGAIN) lose(c);
  }
}

static int told_to_go(void) {
  struct pollfd in = {.fd = 0, .events = POLLIN};
  return poll(&in, 1, 0) > 0 && read(0, sink, sizeof sink) <= 0;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: crowd PORT drip|deaf|wait CONNECTIONS PATH\n");
    return 2;
  }
  int drip = !strcmp(argv[2], "drip"), reads = strcmp(argv[2], "deaf") != 0;
  count = atoi(argv[3]);
  struct rlimit most;
  getrlimit(RLIMIT_NOFILE, &most);
  most.rlim_cur = most.rlim_max;
  setrlimit(RLIMIT_NOFILE, &most);
  clients = calloc((size_t)count, sizeof *clients);
  if (!clients || count < 1) return 2;
  ep = epoll_create1(0);
  connect_all(atoi(argv[1]), reads);
  char request[1024];
  int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", argv[4]);
  for (int i = 0; i < count && !drip; i++) {
    tell(&clients[i], request, (size_t)length);
    if (i % 64 == 63) events(1, reads);
  }
  if (!strcmp(argv[2], "wait")) {
    for (int i = 0; i < count; i++) {
      while (clients[i].fd >= 0 && clients[i].got == 0) events(1000, reads);
    }
  }
  printf("ready %d\n", open_now);
  fflush(stdout);
  // Each of them once a second, but spread over it; drip's head never ends.
  const char head[] = "GET / HTTP/1.1\r\nHost: bench\r\nX-Slow: ";
  uint64_t begin = now_ns(), sent = 0;
  while (!told_to_go()) {
    events(2, reads);
    uint64_t owed = drip ? (uint64_t)((double)(now_ns() - begin) / 1e9 * count) : 0;
    for (; sent < owed; sent++) {
      uint64_t at = sent / (uint64_t)count;
      tell(&clients[sent % (uint64_t)count], at < sizeof head - 1 ? head + at : "x", 1);
    }
  }
  printf("left %d\n", open_now);
  return 0;
}
