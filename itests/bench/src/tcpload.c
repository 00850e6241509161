// A closed-loop TCP generator: each connection sends SEND bytes and waits for EXPECT bytes, over and over.
// usage: tcpload PORT CONNECTIONS SEND EXPECT SECONDS   prints one line of JSON; ends with 1 on any error.
#include "net.h"
#include "histogram.h"

struct conn {
  int fd;
  size_t got;
  uint64_t sent_at;
};

static char message[65536];
static char sink[1 << 18];

static void ask(struct conn *c, size_t bytes) {
  c->got = 0;
  c->sent_at = now_ns();
  if (send(c->fd, message, bytes, MSG_NOSIGNAL) != (ssize_t)bytes) die("send");
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: tcpload PORT CONNECTIONS SEND EXPECT SECONDS\n");
    return 2;
  }
  int port = atoi(argv[1]), connections = atoi(argv[2]);
  size_t send_bytes = strtoul(argv[3], NULL, 10), expect = strtoul(argv[4], NULL, 10);
  double seconds = atof(argv[5]);
  if (connections < 1 || send_bytes < 1 || send_bytes > sizeof message || expect < 1) return 2;
  int ep = epoll_create1(0);
  struct conn *conns = calloc((size_t)connections, sizeof *conns);
  if (!conns) die("calloc");
  for (int i = 0; i < connections; i++) {
    struct sockaddr_in a = loopback(port);
    conns[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(conns[i].fd, (struct sockaddr *)&a, sizeof a)) die("connect");
    prepare(conns[i].fd);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &conns[i]};
    epoll_ctl(ep, EPOLL_CTL_ADD, conns[i].fd, &e);
  }
  uint64_t start = now_ns(), end = start + (uint64_t)(seconds * 1e9), done = 0, now = start;
  for (int i = 0; i < connections; i++) ask(&conns[i], send_bytes);
  while (now < end) {
    struct epoll_event events[256];
    int n = epoll_wait(ep, events, 256, 1000);
    if (n == 0) {
      fprintf(stderr, "nothing arrived for a second\n");
      return 1;
    }
    for (int i = 0; i < n; i++) {
      struct conn *c = events[i].data.ptr;
      ssize_t got = recv(c->fd, sink, sizeof sink, 0);
      if (got < 0 && errno == EAGAIN) continue;
      if (got <= 0) {
        fprintf(stderr, "connection lost after %lu exchanges\n", (unsigned long)done);
        return 1;
      }
      c->got += (size_t)got;
      if (c->got > expect) {
        fprintf(stderr, "surplus bytes\n");
        return 1;
      }
      if (c->got == expect) {
        now = now_ns();
        counts[slot_of((now - c->sent_at) / 1000)]++;
        done++;
        ask(c, send_bytes);
      }
    }
    now = now_ns();
  }
  printf("{\"requests\":%lu,\"seconds\":%.6f,\"p50_us\":%lu,\"p99_us\":%lu,\"p999_us\":%lu,\"errors\":0}\n",
         (unsigned long)done, (double)(now - start) / 1e9, (unsigned long)quantile(0.5, done),
         (unsigned long)quantile(0.99, done), (unsigned long)quantile(0.999, done));
  return 0;
}
