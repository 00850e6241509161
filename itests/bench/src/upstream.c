// The benchmark's upstream: one thread, epoll, three ports on the loopback address.
//   http: any request for /bytes/N (no body) is answered with N bytes; keep-alive and pipelining; one for /stall never.
//   echo: every byte comes back.
//   bulk: every 16 bytes are answered with BULK bytes.
// usage: upstream BULK   prints "HTTP_PORT ECHO_PORT BULK_PORT" and serves until killed.
#include "net.h"

enum kind { HTTP, ECHO, BULK, KINDS };

struct conn {
  int fd;
  enum kind kind;
  int in_len;       // bytes of an unfinished head, or of an unfinished question
  size_t owed;      // body bytes still to be sent
  int head_at, head_len;
  int armed;        // waits for EPOLLOUT
  int closing;      // ends after the answer
  char head[256];
  char in[16384];
};

static char zeros[1 << 16];
static size_t bulk_bytes;
static int ep;

static void drop(struct conn *c) {
  close(c->fd);
  free(c);
}

static void arm(struct conn *c, int wanted) {
  if (c->armed == wanted) return;
  c->armed = wanted;
  struct epoll_event e = {.events = wanted ? EPOLLOUT : EPOLLIN, .data.ptr = c};
  epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}

// Sends what is owed; 1 all gone, 0 the socket is full, -1 broken.
static int pour(struct conn *c) {
  while (c->head_at < c->head_len || c->owed > 0) {
    ssize_t n;
    if (c->head_at < c->head_len) {
      size_t left = (size_t)(c->head_len - c->head_at);
      char buf[16384 + sizeof c->head];
      size_t body = c->owed < 16384 ? c->owed : 16384;
      memcpy(buf, c->head + c->head_at, left);
      memcpy(buf + left, zeros, body);
      n = send(c->fd, buf, left + body, MSG_NOSIGNAL);
      if (n >= 0) {
        size_t of_head = (size_t)n < left ? (size_t)n : left;
        c->head_at += (int)of_head;
        c->owed -= (size_t)n - of_head;
        continue;
      }
    } else {
      size_t part = c->owed < sizeof zeros ? c->owed : sizeof zeros;
      n = send(c->fd, zeros, part, MSG_NOSIGNAL);
      if (n >= 0) {
        c->owed -= (size_t)n;
        continue;
      }
    }
    if (errno == EAGAIN) {
      arm(c, 1);
      return 0;
    }
    return -1;
  }
  arm(c, 0);
  return c->closing ? -1 : 1;
}

// Answers every complete request in the buffer, as far as the socket takes it; -1 drops the connection.
static int answer_http(struct conn *c) {
  while (c->owed == 0 && c->head_at == c->head_len) {
    char *end = memmem(c->in, (size_t)c->in_len, "\r\n\r\n", 4);
    if (!end) return c->in_len == (int)sizeof c->in ? -1 : 0;
    if (memmem(c->in, (size_t)(end - c->in), "/stall", 6)) {
      c->in_len = 0;
      return 0;
    }
    char *path = memmem(c->in, (size_t)(end - c->in), "/bytes/", 7);
    size_t bytes = path ? (size_t)strtoul(path + 7, NULL, 10) : 0;
    int used = (int)(end + 4 - c->in);
    memmove(c->in, c->in + used, (size_t)(c->in_len - used));
    c->in_len -= used;
    c->head_len = snprintf(c->head, sizeof c->head,
                           "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %zu\r\n\r\n", bytes);
    c->head_at = 0;
    c->owed = bytes;
    if (pour(c) < 0) return -1;
  }
  return 0;
}

static int readable(struct conn *c) {
  size_t room = sizeof c->in - (size_t)c->in_len;
  ssize_t n = recv(c->fd, c->in + c->in_len, room, 0);
  if (n == 0) return -1;
  if (n < 0) return errno == EAGAIN ? 0 : -1;
  if (c->kind == HTTP) {
    c->in_len += (int)n;
    return answer_http(c);
  }
  if (c->kind == ECHO) {
    for (ssize_t at = 0; at < n;) {  // a ping-pong's few bytes always fit; anything else is not measured here
      ssize_t m = send(c->fd, c->in + at, (size_t)(n - at), MSG_NOSIGNAL);
      if (m < 0) return -1;
      at += m;
    }
    return 0;
  }
  c->in_len += (int)n;
  c->owed += (size_t)(c->in_len / 16) * bulk_bytes;
  c->in_len %= 16;
  return pour(c) < 0 ? -1 : 0;
}

static int writable(struct conn *c) {
  int done = pour(c);
  if (done < 0) return -1;
  return done > 0 && c->kind == HTTP ? answer_http(c) : 0;
}

static int listen_on(int *port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in a = loopback(0);
  socklen_t len = sizeof a;
  if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, 4096)) die("listen");
  getsockname(fd, (struct sockaddr *)&a, &len);
  *port = ntohs(a.sin_port);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

static void accept_all(int listener, enum kind kind) {
  for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;) {
    struct conn *c = calloc(1, sizeof *c);
    if (!c) die("calloc");
    c->fd = fd;
    c->kind = kind;
    prepare(fd);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: upstream BULK_BYTES\n");
    return 2;
  }
  bulk_bytes = strtoul(argv[1], NULL, 10);
  ep = epoll_create1(0);
  int listeners[KINDS], ports[KINDS];
  for (int k = 0; k < KINDS; k++) {
    listeners[k] = listen_on(&ports[k]);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &listeners[k]};
    epoll_ctl(ep, EPOLL_CTL_ADD, listeners[k], &e);
  }
  printf("%d %d %d\n", ports[HTTP], ports[ECHO], ports[BULK]);
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int n = epoll_wait(ep, events, 256, -1);
    for (int i = 0; i < n; i++) {
      int *l = events[i].data.ptr;
      if (l >= listeners && l < listeners + KINDS) {
        accept_all(*l, (enum kind)(l - listeners));
        continue;
      }
      struct conn *c = events[i].data.ptr;
      int kept = c->armed ? writable(c) : readable(c);
      if (kept < 0) drop(c);
    }
  }
}
