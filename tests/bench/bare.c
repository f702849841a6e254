/* bare.c - the least a program can do: one datagram to a port of the loopback address; what others' starts are measured by
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bare PORT      waits to be killed afterwards
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0)),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || sendto(fd, "", 1, 0, (const struct sockaddr *)&to, sizeof to) != 1)
		return EXIT_FAILURE;
	pause();
	return EXIT_SUCCESS;
}
