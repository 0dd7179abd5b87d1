# SPDX-License-Identifier: MIT
#
# make                  the module, for the running kernel or KDIR=, and the tools
# make install          put both in their places, under DESTDIR= if given
# make demo             a tunnel to a strongSwan gateway, in a virtual machine
# make check            all tests; check-deep is the same with more of each
# make lint|unit        those parts of check that need no other kernel
# make fuzz             all fuzzers, each for FUZZ_SECONDS=
# make uml-check        the module's KUnit suites in User Mode Linux
# make guest-check      the tests in a guest of SUITE=bookworm|trixie|forky
# make generate         what is made of uapi/ipsecx.yaml: module, headers, client

SUITE ?= bookworm
KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
DEPMOD ?= depmod
PREFIX ?= /usr/local

all: module userspace

ifneq ($(wildcard $(KDIR)/Makefile),)
module:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules
else
module:
	@echo "module skipped: no kernel headers in $(KDIR);" \
		"install linux-headers-$(KVER) or give KDIR="
endif

userspace:
	$(MAKE) -C userspace-ike

install: install-module install-userspace install-docs

# The module goes where its kernel looks before its own modules.
ifneq ($(wildcard $(KDIR)/Makefile),)
install-module: release = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h)
install-module: modules = $(DESTDIR)/lib/modules/$(release)
install-module:
	install -D -m 644 kmod/ipsecx.ko $(modules)/updates/ipsecx.ko
	$(if $(DESTDIR),,$(DEPMOD) $(release))
else
install-module: module
endif

install-userspace:
	$(MAKE) -C userspace-ike install DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

man = $(DESTDIR)$(PREFIX)/share/man
completions = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
units = $(DESTDIR)$(PREFIX)/lib/systemd/system
install-docs:
	install -d $(man)/man5 $(man)/man8 $(completions) $(units)
	install -m 644 docs/*.5 $(man)/man5
	install -m 644 docs/*.8 $(man)/man8
	install -m 644 packaging/completions/ipsecx $(completions)/ipsecx
	sed 's,/usr/local,$(PREFIX),' packaging/systemd/ipsecxd.service \
		>$(units)/ipsecxd.service

check:
	selftests/check

check-deep:
	IPSECX_DEEP=1 selftests/check

lint:
	selftests/check lint

unit:
	selftests/check unit

fuzz:
	selftests/check uml-fuzz fuzz

uml-check:
	selftests/check uml

guest-check:
	selftests/check $(SUITE)

demo:
	selftests/demo/run $(SUITE)

generate:
	selftests/lib/generate $(CURDIR)

clean:
	$(if $(wildcard $(KDIR)/Makefile),$(MAKE) -C $(KDIR) M=$(CURDIR) clean)
	$(MAKE) -C userspace-ike clean

.PHONY: all module userspace install install-module install-userspace \
	install-docs check \
	check-deep lint unit fuzz uml-check guest-check demo generate clean
