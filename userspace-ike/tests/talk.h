/* SPDX-License-Identifier: MIT */
/*
 * A conversation with Bob: messages made by hand with Alice's keys, given to
 * him, and his answers opened. This looks into the engine.
 */
#ifndef IKE_TESTS_TALK_H
#define IKE_TESTS_TALK_H

#include "sa.h"
#include "sim.h"

/**
 * struct talk - a conversation with Bob
 * @sim: with both engines
 * @sa: Alice's IKE SA, whose keys are used
 * @out: the message being made
 * @answered: Bob has answered the last message
 * @msg: what he said
 * @raw: the octets of it
 * @plain: what was inside
 */
struct talk {
	struct sim *sim;
	struct ike_sa *sa;
	struct ike_out out;
	bool answered;
	struct ike_msg msg;
	uint8_t raw[SIM_MSG_MAX];
	uint8_t plain[SIM_MSG_MAX];
};

extern const struct ike_span nothing;
extern const uint8_t new_spi[4];
extern const uint8_t new_ike_spi[8];
extern const uint8_t new_nonce[32];

/**
 * talk_new() - two hosts that know each other
 * @seed: of the simulation
 * @children: that are configured
 * @established: the IKE SA is up; else Alice's IKE_AUTH was lost
 *
 * Return: to be freed with talk_free().
 */
struct talk *talk_new(uint64_t seed, unsigned int children, bool established);
void talk_free(struct talk *talk);

/* begin a request of Alice's, and end it */
struct ike_builder *say(struct talk *talk, uint8_t exchange);
struct ike_span seal(struct talk *talk);

/* hand a message to Bob */
void give(struct talk *talk, struct ike_span msg);
/* seal it, hand it over, and be ready for the next */
void ask(struct talk *talk);

/* what he has answered */
void expect_notify(struct talk *talk, uint16_t type);
void expect_empty(struct talk *talk);
/* and what he has */
void bob_has(struct talk *talk, unsigned int ike_sas, unsigned int children);

void say_sa(struct ike_builder *b, const char *text, uint8_t proto,
	    const void *spi, size_t len);
void say_ts(struct ike_builder *b, uint8_t type, const char *text);

/* everything but what is in the mask @without */
enum {
	NO_SA = 1,
	NO_NONCE = 2,
	NO_TSI = 4,
	NO_TSR = 8,
	NO_KE = 16
};

/* a CREATE_CHILD_SA request for net0; @rekey: the SPI it replaces, or 0 */
void say_child(struct talk *talk, uint8_t proto, uint32_t rekey,
	       unsigned int without);

#endif
