/*
 * Handshakes between two libbzrtp endpoints in one process, over memory and in virtual time.
 *
 * Reads lines "KEY_AGREEMENT COUNT" from standard input, KEY_AGREEMENT being bzrtp's number for it. For each
 * handshake prints one line: nanoseconds from the first Hello until both ends are secure, and nanoseconds of
 * CPU for the endpoints' whole life.
 */
#include <bzrtp/bzrtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ENDS = 2, QUEUE = 64, DATAGRAM = 3000, TICK_MS = 50, TICKS = 100 };

struct end {
	bzrtpContext_t *context;
	uint32_t ssrc;
	struct end *peer;
};

struct datagram {
	struct end *receiver;
	uint16_t length;
	uint8_t bytes[DATAGRAM];
};

static struct datagram queue[QUEUE];
static unsigned first, after_last;

static long long now_ns(clockid_t clock) {
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int send_datagram(void *client, const uint8_t *bytes, uint16_t length) {
	struct datagram *slot = &queue[after_last++ % QUEUE];
	if (length > DATAGRAM || after_last - first > QUEUE) {
		return 1;
	}
	slot->receiver = ((struct end *)client)->peer;
	slot->length = length;
	memcpy(slot->bytes, bytes, length);
	return 0;
}

static int take_secrets(void *client, const bzrtpSrtpSecrets_t *secrets, uint8_t part) {
	(void)client;
	(void)secrets;
	(void)part;
	return 0;
}

static int take_session(void *client, const bzrtpSrtpSecrets_t *secrets, int32_t verified) {
	(void)client;
	(void)secrets;
	(void)verified;
	return 0;
}

static const bzrtpCallbacks_t CALLBACKS = {
	.bzrtp_sendData = send_datagram,
	.bzrtp_srtpSecretsAvailable = take_secrets,
	.bzrtp_startSrtpSession = take_session,
};

static void make(struct end *end, uint8_t key_agreement) {
	uint8_t hash[7] = {ZRTP_HASH_S256}, cipher[7] = {ZRTP_CIPHER_AES1}, auth_tag[7] = {ZRTP_AUTHTAG_HS80};
	uint8_t agreement[7] = {key_agreement}, sas[7] = {ZRTP_SAS_B32};
	end->context = bzrtp_createBzrtpContext();
	bzrtp_setCallbacks(end->context, &CALLBACKS);
	bzrtp_setSupportedCryptoTypes(end->context, ZRTP_HASH_TYPE, hash, 1);
	bzrtp_setSupportedCryptoTypes(end->context, ZRTP_CIPHERBLOCK_TYPE, cipher, 1);
	bzrtp_setSupportedCryptoTypes(end->context, ZRTP_AUTHTAG_TYPE, auth_tag, 1);
	bzrtp_setSupportedCryptoTypes(end->context, ZRTP_KEYAGREEMENT_TYPE, agreement, 1);
	bzrtp_setSupportedCryptoTypes(end->context, ZRTP_SAS_TYPE, sas, 1);
	bzrtp_initBzrtpContext(end->context, end->ssrc);
	bzrtp_setClientData(end->context, end->ssrc, end);
}

static int is_secure(const struct end *end) {
	return bzrtp_getChannelStatus(end->context, end->ssrc) == BZRTP_CHANNEL_SECURE;
}

static int handshake(uint8_t key_agreement) {
	struct end ends[ENDS] = {{.ssrc = 1, .peer = &ends[1]}, {.ssrc = 2, .peer = &ends[0]}};
	long long cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	first = after_last = 0;
	for (int i = 0; i < ENDS; i++) {
		make(&ends[i], key_agreement);
	}
	long long began = now_ns(CLOCK_MONOTONIC);
	for (int i = 0; i < ENDS; i++) {
		bzrtp_startChannelEngine(ends[i].context, ends[i].ssrc);
	}
	int secure = 0;
	for (uint64_t tick = 0; !secure && tick < TICKS; tick++) {
		for (int i = 0; i < ENDS; i++) {
			bzrtp_iterate(ends[i].context, ends[i].ssrc, tick * TICK_MS);
		}
		while (first != after_last) {
			struct datagram *arriving = &queue[first++ % QUEUE];
			struct end *receiver = arriving->receiver;
			bzrtp_processMessage(receiver->context, receiver->ssrc, arriving->bytes, arriving->length);
		}
		secure = is_secure(&ends[0]) && is_secure(&ends[1]);
	}
	long long took = now_ns(CLOCK_MONOTONIC) - began;
	for (int i = 0; i < ENDS; i++) {
		bzrtp_destroyBzrtpContext(ends[i].context, ends[i].ssrc);
	}
	cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("%lld %lld\n", took, cpu);
	return secure ? 0 : -1;
}

int main(void) {
	unsigned key_agreement, count;
	while (scanf("%x %u", &key_agreement, &count) == 2) {
		while (count-- > 0) {
			if (handshake((uint8_t)key_agreement) != 0) {
				fprintf(stderr, "bzrtp did not become secure\n");
				return EXIT_FAILURE;
			}
		}
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
