/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TESTS_ESP_VECTORS_H
#define _IPSECX_TESTS_ESP_VECTORS_H

#include <linux/types.h>
#include "../transform.h"

/**
 * struct esp_vector - what was published, in hexadecimal
 * @encr: encryption
 * @integ: integrity, 0 if @encr has its own
 * @key: key of @encr, salt included
 * @integ_key: key of @integ, ours where an RFC has none
 * @iv: in the packet
 * @plain: with padding and tail
 * @sealed: with the ICV, where there is one in the RFC
 * @seq: sequence number
 * @spi: host order
 * @esn: of 64 bits
 * @bare: no padding and no tail
 */
struct esp_vector {
	enum ipsecx_encr encr;
	enum ipsecx_integ integ;
	const char *key;
	const char *integ_key;
	const char *iv;
	const char *plain;
	const char *sealed;
	u64 seq;
	u32 spi;
	bool esn;
	bool bare;
};

static const struct esp_vector esp_vectors[] = {
	/* draft-mcgrew-gcm-test-01. */
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x00004321,
		.seq = 0x8765432100000000ULL,
		.esn = true,
		.key = "4c80cdefbb5d10da906ac73c3613a6342e443b68",
		.iv = "4956ed7e3b244cfe",
		.plain = "45000048699a000080114db7c0a80102c0a801010a9bf15638d30100"
			 "0001000000000000045f736970045f75647003736970096379626572"
			 "6369747902646b000021000101020201",
		.sealed = "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa"
			  "13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff62"
			  "47aeabb786b93bce61bc17d768fd9732459018148f6cbe722fd04796"
			  "562dfdb4",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x0000a5f8,
		.seq = 0xaULL,
		.key = "feffe9928665731c6d6a8f9467308308cafebabe",
		.iv = "facedbaddecaf888",
		.plain = "4500003e698f000080114dccc0a80102c0a801010a980035002a2343"
			 "b2d00100000100000000000003736970096379626572636974790264"
			 "6b00000100010001",
		.sealed = "deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d"
			  "114d2a5c3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4"
			  "ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41ad4a",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x4a2cbfe3,
		.seq = 0x2ULL,
		.key = "abbccddef00112233445566778899aababbccddef001122334455667"
		       "78899aab11223344",
		.iv = "0102030405060708",
		.plain = "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0"
			 "000000007002400020bf0000020405b40101040201020201",
		.sealed = "ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d"
			  "65a5d763748a637985771d347f0545659f14e99def842d8eb335f4ee"
			  "cfdbf831824b4c4915956c96",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x00000000,
		.seq = 0x1ULL,
		.key = "0000000000000000000000000000000000000000",
		.iv = "0000000000000000",
		.plain = "4500003c99c500008001cb7a40679318010101010800075c02004400"
			 "6162636465666768696a6b6c6d6e6f70717273747576776162636465"
			 "6667686901020201",
		.sealed = "4688daf2f973a392732909c331d56d60f694abaa414b5e7ff5fdcdff"
			  "f5e9a284456476492719ffb64de7d9dca1e1d894bc3bd57873ed4d18"
			  "1d19d4d5c8c18af3f821d496eeb096e98ad2b69e4799c71d",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x42f67e3f,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "4500003c99c300008001cb7c40679318010101010800085c02004300"
			 "6162636465666768696a6b6c6d6e6f70717273747576776162636465"
			 "6667686901020201",
		.sealed = "fba2caa4853cf9f0f22cb10d86dd83b0fec75691cf1a04b00d1138ec"
			  "9c35791765acbd8701ad79845bf9fe3fba487bc91755e6662b4c8d0d"
			  "1f5e22739530320ae0d731cc978ecafaeae88f00e80d6e48",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x42f67e3f,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "4500001c42a200008001441f406793b6e00000020a00f5ff01020201",
		.sealed = "fba2ca845e5df9f0f22c3e6e86dd831e1fc65792cd1af9130e1379ed"
			  "369f071f35e034be95f112e4e7d05d35",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x0000a5f8,
		.seq = 0xaULL,
		.key = "feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe",
		.iv = "facedbaddecaf888",
		.plain = "45000028a4ad4000400678800a01038f0a010612802306b8cb712602"
			 "dd6bb03e501016d075680001",
		.sealed = "a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b"
			  "5bfbdbd0315b27452144cc7795457b9652037f5318027b5b4cd7a636",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x00000100,
		.seq = 0x1ULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aabdecaf888",
		.iv = "cafedebaceface74",
		.plain = "4500004933ba00007f119106c3fb1d10c2b1d326c02831ce0035dd7b"
			 "800302d500004e20001e8c18d75b81dc91baa0476b91b924b280389d"
			 "92c963bac046ec959b6266c04722b14923010101",
		.sealed = "18a6fd42f72cbf4ab2a2ea901f73d814e3e7f243d95412e1c349c1d2"
			  "fbec168f9190feebaf2cb01984e65863965d7472b79da345e0e78019"
			  "1f0d2f0e0f496c226f2127b27db35724e7845d68651f57e65f354f75"
			  "ff17015769623436",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x17405e67,
		.seq = 0x156f3126dd0db99bULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aababbccddef001122334455667"
		       "78899aab73616c74",
		.iv = "616e640169766563",
		.plain = "45080028732c00004006e9f90a0106120a01038f06b88023dd6bafbe"
			 "cb71260250101f646d540001",
		.sealed = "f2d69ecdbd5a0d5b8d5ef38bad4da58d1f278fde98ef67549d524a30"
			  "18d9a57ff4d3a31ce673119e451626c2415771e3b7eebca614c89b35",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x42f67e3f,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "45000049333e00007f119182c3fb1d10c2b1d326c02831ce0035cb45"
			 "8003025b000001e0001e8c18d65759d52284a0352c71475c8880391c"
			 "764d6e5ee0496b325ae270c03899493915010101",
		.sealed = "fba2cad12fc1f9f00d3cebf305410db83d7784b607323d220f24b0a9"
			  "7d54182800cadb0f68d99ef0e0c0c89ae9bea8884e52d65bc1afd074"
			  "0f742444747b5b39ab533163aad4550ee5160975cdb608c576918960"
			  "9763b8e18caa81e2",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x17405e67,
		.seq = 0x156f3126dd0db99bULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aababbccddef001122334455667"
		       "78899aab73616c74",
		.iv = "616e640169766563",
		.plain = "636973636f0172756c657301746865016e6574776501646566696e65"
			 "01746865746563686e6f6c6f67696573017468617477696c6c016465"
			 "66696e65746f6d6f72726f7701020201",
		.sealed = "d4b7ed86a1777f2ea13d6973d324c69e7b43f826fb56831226508beb"
			  "d2dceb18d0a6df10e5487df074113e14c641024e3e6773d91a62ee42"
			  "9b043a10e3efe6b012a49363412364f8c0cac587f249e56b11e24f30"
			  "e44ccc76",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x335467ae,
		.seq = 0xffffffffULL,
		.key = "7d773d00c144c525ac619d18c84a3f47d9664267",
		.iv = "43457e9182443bc6",
		.plain = "01020201",
		.sealed = "437f866bcb3f699fe9b0822bac961c4504bef270",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x00000100,
		.seq = 0x1ULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aabdecaf888",
		.iv = "cafedebaceface74",
		.plain = "746f016265016f72016e6f7401746f0162650001",
		.sealed = "29c9fc69a197d038ccdd14e2ddfcaa0543332164412503524303ed3c"
			  "6c5f283843af8c3e",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x796b6963,
		.seq = 0xffffffffffffffffULL,
		.esn = true,
		.key = "6c6567616c697a656d6172696a75616e61616e64646f69746265666f"
		       "726569617475726e",
		.iv = "333021696765746d",
		.plain = "45000030da3a00008001df3bc0a80005c0a800010800c6cd02000700"
			 "6162636465666768696a6b6c6d6e6f707172737401020201",
		.sealed = "f97ab2aa356d8edce17644ac8c78e25dd24dedbb29ebf1b64a274b39"
			  "b49c3a864cd3d78ca4ae68a32b42458fb57dbe821dcc63b9d0937ba2"
			  "945f669368661a329fb4c053",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x3f7ef642,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "45000030da3a00008001df3bc0a80005c0a800010800c6cd02000700"
			 "6162636465666768696a6b6c6d6e6f707172737401020201",
		.sealed = "fba2caa8c6c5f9f0f22ca54a061210ad3f6e5791cf1aca210d117cec"
			  "9c35791765acbd8701ad79845bf9fe3fba487bc96321930684eecadb"
			  "56912546e7a95c9740d7cb05",
	},
	{
		.encr = IPSECX_ENCR_AES_GCM_16,
		.spi = 0x00004321,
		.seq = 0x8765432100000007ULL,
		.esn = true,
		.key = "4c80cdefbb5d10da906ac73c3613a63422433c64",
		.iv = "4855ec7d3a234bfd",
		.plain = "0800c6cd020007006162636465666768696a6b6c6d6e6f7071727374"
			 "01020201",
		.sealed = "74752e8aeb5d873cd7c0f4acc36c4bff84b7d7b98f0ca8b6acda6894"
			  "bc619069ef9cbc28fe1b56a7c4e0d58c86cd2bc0",
	},
	/* RFC 4543, as draft-mcgrew-gcm-test-01 has it. */
	{
		.encr = IPSECX_ENCR_AES_GMAC,
		.spi = 0x00004321,
		.seq = 0x7ULL,
		.key = "4c80cdefbb5d10da906ac73c3613a63422433c64",
		.iv = "0000000000000000",
		.plain = "45000030da3a00008001df3bc0a80005c0a800010800c6cd02000700"
			 "6162636465666768696a6b6c6d6e6f707172737401020201",
		.sealed = "45000030da3a00008001df3bc0a80005c0a800010800c6cd02000700"
			  "6162636465666768696a6b6c6d6e6f707172737401020201f2a9a836"
			  "e155106aa8dcd618e4099aaa",
	},
	/* RFC 7634 appendix A. */
	{
		.encr = IPSECX_ENCR_CHACHA20_POLY1305,
		.spi = 0x01020304,
		.seq = 0x5ULL,
		.key = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b"
		       "9c9d9e9fa0a1a2a3",
		.iv = "1011121314151617",
		.plain = "45000054a6f200004001e778c6336405c000020508005b7a3a080000"
			 "553bec100007362708090a0b0c0d0e0f101112131415161718191a1b"
			 "1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637"
			 "01020204",
		.sealed = "24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef"
			  "407ae5c614ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9"
			  "befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165b828"
			  "29f641e076aaa8266b7fb0f7b11b369907e1ad43",
	},
	/* RFC 3602 section 4, cases 5 and 7; it has no ICV. */
	{
		.encr = IPSECX_ENCR_AES_CBC,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x00004321,
		.seq = 0x1ULL,
		.key = "90d382b410eeba7ad938c46cec1a82bf",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f",
		.iv = "e96e8c08ab465763fd098d45dd3ff893",
		.plain = "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f10111213"
			 "1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
			 "30313233343536370102030405060708090a0b0c0d0e0e01",
		.sealed = "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4"
			  "898dc856a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c"
			  "538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6",
	},
	{
		.encr = IPSECX_ENCR_AES_CBC,
		.integ = IPSECX_INTEG_HMAC_SHA2_512_256,
		.spi = 0x00008765,
		.seq = 0x2ULL,
		.key = "0123456789abcdef0123456789abcdef",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f000102030405060708090a0b0c0d0e0f1011121314151617"
			     "18191a1b1c1d1e1f",
		.iv = "f4e765244f6407adf13dc1380f673f37",
		.plain = "45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100"
			 "b49c083d02a2040008090a0b0c0d0e0f101112131415161718191a1b"
			 "1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637"
			 "0102030405060708090a0a04",
		.sealed = "773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1"
			  "a0cf70f8e4ecaec78ac53aad7a0f022b859243c647752e94a859352b"
			  "8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1"
			  "e4dfe9d5a100b842f1c22f0d",
	},
	/* RFC 3686 section 6; data that is no packet, without an ICV. */
	{
		.encr = IPSECX_ENCR_AES_CTR,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x00001000,
		.seq = 0x1ULL,
		.bare = true,
		.key = "ae6852f8121067cc4bf7a5765577f39e00000030",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f",
		.iv = "0000000000000000",
		.plain = "53696e676c6520626c6f636b206d7367",
		.sealed = "e4095d4fb7a7b3792d6175a3261311b8",
	},
	{
		.encr = IPSECX_ENCR_AES_CTR,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x00001000,
		.seq = 0x1ULL,
		.bare = true,
		.key = "7e24067817fae0d743d6ce1f32539163006cb6db",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f",
		.iv = "c0543b59da48d90b",
		.plain = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			 "1c1d1e1f",
		.sealed = "5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df"
			  "9141be28",
	},
	{
		.encr = IPSECX_ENCR_AES_CTR,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x00001000,
		.seq = 0x1ULL,
		.bare = true,
		.key = "16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb7851500000048",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f",
		.iv = "36733c147d6d93cb",
		.plain = "53696e676c6520626c6f636b206d7367",
		.sealed = "4b55384fe259c9c84e7935a003cbe928",
	},
	{
		.encr = IPSECX_ENCR_AES_CTR,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x00001000,
		.seq = 0x1ULL,
		.bare = true,
		.key = "7c5cb2401b3dc33c19e7340819e0f69c678c3db8e6f6a91a0096b03b",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f",
		.iv = "020c6eadc2cb500d",
		.plain = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			 "1c1d1e1f",
		.sealed = "453243fc609b23327edfaafa7131cd9f8490701c5ad4a79cfc1fe0ff"
			  "42f4fb00",
	},
	{
		.encr = IPSECX_ENCR_AES_CTR,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x00001000,
		.seq = 0x1ULL,
		.bare = true,
		.key = "776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689"
		       "e6c1c10400000060",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f",
		.iv = "db5672c97aa8f0b2",
		.plain = "53696e676c6520626c6f636b206d7367",
		.sealed = "145ad01dbf824ec7560863dc71e3e0c0",
	},
	{
		.encr = IPSECX_ENCR_AES_CTR,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x00001000,
		.seq = 0x1ULL,
		.bare = true,
		.key = "f6d66d6bd52d59bb0796365879eff886c66dd51a5b6a99744b50590c"
		       "87a2388400faac24",
		.integ_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			     "1c1d1e1f",
		.iv = "c1585ef15a43d875",
		.plain = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
			 "1c1d1e1f",
		.sealed = "f05e231b3894612c49ee000b804eb2a9b8306b508f839d6a5530831d"
			  "9344af1c",
	},
	/*
	 * RFC 4868 section 2.7.2, AUTH2 to 4: what is authenticated starts with SPI and
	 * number.
	 */
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0x77686174,
		.seq = 0x20646f20ULL,
		.bare = true,
		.key = "",
		.integ_key = "4a6566654a6566654a6566654a6566654a6566654a6566654a656665"
			     "4a656665",
		.iv = "",
		.plain = "79612077616e7420666f72206e6f7468696e673f",
		.sealed = "79612077616e7420666f72206e6f7468696e673f167f928588c5cc2e"
			  "ef8e3093caa0e87c",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0xdddddddd,
		.seq = 0xddddddddULL,
		.bare = true,
		.key = "",
		.integ_key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			     "aaaaaaaa",
		.iv = "",
		.plain = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
			 "dddddddddddddddddddddddddddd",
		.sealed = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
			  "ddddddddddddddddddddddddddddcdcb1220d1ecccea91e53aba3092"
			  "f962",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.spi = 0xcdcdcdcd,
		.seq = 0xcdcdcdcdULL,
		.bare = true,
		.key = "",
		.integ_key = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c"
			     "1d1e1f20",
		.iv = "",
		.plain = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
			 "cdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		.sealed = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
			  "cdcdcdcdcdcdcdcdcdcdcdcdcdcd372efcf9b40b35c2115b1346903d"
			  "2ef4",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_384_192,
		.spi = 0x77686174,
		.seq = 0x20646f20ULL,
		.bare = true,
		.key = "",
		.integ_key = "4a6566654a6566654a6566654a6566654a6566654a6566654a656665"
			     "4a6566654a6566654a6566654a6566654a656665",
		.iv = "",
		.plain = "79612077616e7420666f72206e6f7468696e673f",
		.sealed = "79612077616e7420666f72206e6f7468696e673f2c7353974f1842fd"
			  "66d53c452ca42122b28c0b594cfb184d",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_384_192,
		.spi = 0xdddddddd,
		.seq = 0xddddddddULL,
		.bare = true,
		.key = "",
		.integ_key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		.iv = "",
		.plain = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
			 "dddddddddddddddddddddddddddd",
		.sealed = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
			  "dddddddddddddddddddddddddddd809f439be00274321d4a53865216"
			  "4b53554a508184a0c316",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_384_192,
		.spi = 0xcdcdcdcd,
		.seq = 0xcdcdcdcdULL,
		.bare = true,
		.key = "",
		.integ_key = "0102030405060708090a0b0c0d0e0f101112131415161718190a0b0c"
			     "0d0e0f101112131415161718191a1b1c1d1e1f20",
		.iv = "",
		.plain = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
			 "cdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		.sealed = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
			  "cdcdcdcdcdcdcdcdcdcdcdcdcdcdc713a5f5e210ce15cd50a0ecc037"
			  "0c997ffad7fb071a9e0b",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_512_256,
		.spi = 0x77686174,
		.seq = 0x20646f20ULL,
		.bare = true,
		.key = "",
		.integ_key = "4a6566654a6566654a6566654a6566654a6566654a6566654a656665"
			     "4a6566654a6566654a6566654a6566654a6566654a6566654a656665"
			     "4a6566654a656665",
		.iv = "",
		.plain = "79612077616e7420666f72206e6f7468696e673f",
		.sealed = "79612077616e7420666f72206e6f7468696e673fcb370917ae8a7ce2"
			  "8cfd1d8f4705d6141c173b2a9362c15df235dfb251b15454",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_512_256,
		.spi = 0xdddddddd,
		.seq = 0xddddddddULL,
		.bare = true,
		.key = "",
		.integ_key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			     "aaaaaaaaaaaaaaaa",
		.iv = "",
		.plain = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
			 "dddddddddddddddddddddddddddd",
		.sealed = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
			  "dddddddddddddddddddddddddddd2ee7acd783624ca9398710f3ee05"
			  "ae41b9f9b0510c87e49e586cc9bf961733d8",
	},
	{
		.encr = IPSECX_ENCR_NULL,
		.integ = IPSECX_INTEG_HMAC_SHA2_512_256,
		.spi = 0xcdcdcdcd,
		.seq = 0xcdcdcdcdULL,
		.bare = true,
		.key = "",
		.integ_key = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c"
			     "1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738"
			     "393a3b3c3d3e3f40",
		.iv = "",
		.plain = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
			 "cdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		.sealed = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
			  "cdcdcdcdcdcdcdcdcdcdcdcdcdcd5e6688e5a3daec826ca32eaea224"
			  "eff5e700628947470e13ad01302561bab108",
	},
};

#endif /* _IPSECX_TESTS_ESP_VECTORS_H */
