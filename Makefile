# The two commands a newcomer needs. Each installs what is missing (apt, with sudo when not root).
SWIFT_FLAGS ?=
ARGS ?=

.PHONY: demo test crash-test people-test fuzz sanitize benchmark build release format lint clean

demo: ## the whole job on this machine alone, with sample sheets
	@Scripts/install-packages.sh run
	@swift build $(SWIFT_FLAGS) --product nids-sync
	@"$$(swift build $(SWIFT_FLAGS) --show-bin-path)/nids-sync" demo

test: ## every test, against real servers
	@Scripts/install-packages.sh run test
	@Scripts/test.sh $(SWIFT_FLAGS)

crash-test: ## kills the program hundreds of times: make crash-test ARGS="--kills 500 --sheets 200 --seed 7"
	@swift build $(SWIFT_FLAGS) --product nids-sync
	@swift build $(SWIFT_FLAGS) --product crash-test
	@"$$(swift build $(SWIFT_FLAGS) --show-bin-path)/crash-test" $(ARGS)

people-test: ## random histories of two people, on the stand-in or NIDS_PEOPLE_URL: make people-test ARGS="--histories 200"
	@swift build $(SWIFT_FLAGS) --product nids-sync
	@swift build $(SWIFT_FLAGS) --product people-test
	@"$$(swift build $(SWIFT_FLAGS) --show-bin-path)/people-test" $(ARGS)

fuzz: ## bytes that nobody meant, under libFuzzer: make fuzz ARGS="--seconds 3600 multistatus repair"
	@Scripts/install-packages.sh run test
	@Scripts/fuzz.sh $(ARGS)

sanitize: ## the suites under ThreadSanitizer and AddressSanitizer: make sanitize ARGS="--only thread HTTPTests"
	@Scripts/install-packages.sh run test
	@Scripts/sanitize.sh $(ARGS)

RELEASE = -c release --static-swift-stdlib

benchmark: ## listings, downloads and the service beside curl and rclone; ARGS="--files 100000", ARGS=--help
	@Scripts/install-packages.sh run test
	@command -v rclone >/dev/null || { echo "rclone is missing: apt-get install rclone" >&2; exit 1; }
	@swift build $(RELEASE) --product nids-sync >&2
	@swift build $(RELEASE) --product nids-benchmark >&2
	@"$$(swift build $(RELEASE) --show-bin-path)/nids-benchmark" $(ARGS)

build:
	swift build $(SWIFT_FLAGS)

release:
	swift build $(RELEASE) --product nids-sync

format:
	swift format --in-place --recursive Sources Tests Benchmarks Fuzz Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Benchmarks Fuzz Package.swift

clean:
	rm -rf .build .build-fuzz .build-tsan .build-asan Fuzz/Corpus demo
