/*
 * Gives the ptys of a process control lines: loaded before the C library, it answers the requests that a pty refuses
 * and tells every state of the lines to the socket that PTY_LINES names, as '0' + DTR + 2 * RTS. With PTY_NO_BREAK set,
 * ending a break signal fails as it does for USB modems without one on Linux 6.6 and newer.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The kernel asserts both while it opens a port. */
static int lines = TIOCM_DTR | TIOCM_RTS;

static void tell(void) {
  static int connection = -1;
  const char *path = getenv("PTY_LINES");
  if (path == NULL) return;
  if (connection < 0) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
    connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection, (struct sockaddr *)&address, sizeof(address)) != 0) abort();
  }
  char state = '0' + (lines & TIOCM_DTR ? 1 : 0) + (lines & TIOCM_RTS ? 2 : 0);
  if (write(connection, &state, 1) != 1) abort();
}

static int change(int next) {
  lines = next;
  tell();
  return 0;
}

int ioctl(int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  int *argument = va_arg(rest, int *);
  va_end(rest);
  switch (request) {
    case TIOCMGET:
      *argument = lines;
      return 0;
    case TIOCMSET:
      return change(*argument);
    case TIOCMBIS:
      return change(lines | *argument);
    case TIOCMBIC:
      return change(lines & ~*argument);
    case TIOCSBRK:
    case TIOCCBRK:
      if (getenv("PTY_NO_BREAK") == NULL) return 0;
      errno = EOPNOTSUPP;
      return -1;
  }
  int (*next)(int, unsigned long, ...) = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
  return next(fd, request, argument);
}
