import HTTP
import Testing

@testable import NidsSync

@Suite("The settings, from file and environment")
struct SettingsLoaderTests {
    static let required = [
        "NIDS_NEXTCLOUD_URL": "https://cloud.example.org", "NIDS_NEXTCLOUD_USER": "anne",
        "NIDS_NEXTCLOUD_PASSWORD": "hunter2", "NIDS_NEXTCLOUD_ROOT": "Observations Media",
    ]

    private func load(_ yaml: String = "", _ variables: [String: String] = [:], required: Bool = true) throws
        -> Settings
    {
        let environment = (required ? Self.required : [:]).merging(variables) { $1 }
        return try SettingsLoader(file: SettingsFile(text: yaml, name: "nids.yaml"), environment: environment).load()
    }

    private func refusal(
        _ yaml: String = "", _ variables: [String: String] = [:], required: Bool = true
    ) throws -> ConfigurationError {
        try #require(throws: ConfigurationError.self) { try load(yaml, variables, required: required) }
    }

    @Test("what nobody says has its documented default")
    func defaults() throws {
        let settings = try load()
        #expect(settings.nextcloud.include == ["jpeg/**", "pdf/**"])
        #expect(settings.nextcloud.exclude.isEmpty)
        #expect(settings.nextcloud.variants == ["FUSION_FULL", "binarisation", "blur"])
        #expect(settings.nextcloud.pollInterval == .seconds(10))
        #expect(settings.nextcloud.walkInterval == .seconds(300))
        #expect(settings.nextcloud.fullCheckInterval == .seconds(21_600))
        #expect(settings.nextcloud.caFile == nil)
        #expect(settings.nextcloud.maximumScanSize == 200_000_000)
        #expect(settings.transcription.models == ["tesseract"])
        #expect(settings.transcription.monthlyBudget == nil)
        #expect(settings.transcription.concurrency == nil)
        #expect(!settings.transcription.usesBatch)
        #expect(settings.observations == .sqlite)
        #expect(settings.statusListen == "127.0.0.1:8099")
        #expect(settings.stopGrace == .seconds(150))
        #expect(settings.logLevel == "info")
    }

    @Test("folders of preparations are names, once each in any case, or none")
    func variants() throws {
        func names(_ text: String) throws -> [String] {
            try load("", ["NIDS_NEXTCLOUD_VARIANTS": text]).nextcloud.variants
        }
        #expect(try names("net, Brut") == ["net", "Brut"])
        #expect(try names("None").isEmpty)
        #expect(try load("nextcloud:\n  variants: [a b, é]").nextcloud.variants == ["a b", "é"])
        #expect(try load("nextcloud:\n  variants: none").nextcloud.variants.isEmpty)
        for (text, word) in [
            ("a/b", "no path"), ("a,A", "twice"), ("\u{E9},e\u{301}", "twice"), ("none,a", "stands alone"),
            ("*", "no pattern"),
            ("..", "no path"), ("a,b/", "no path"),
        ] {
            let refusal = try refusal("", ["NIDS_NEXTCLOUD_VARIANTS": text])
            #expect(refusal.description.contains("NIDS_NEXTCLOUD_VARIANTS"))
            #expect(refusal.description.contains(word), "\(text): \(refusal)")
        }
    }

    @Test("with an API key the default model is Gemini's")
    func defaultModel() throws {
        #expect(try load("", ["GEMINI_API_KEY": "k"]).transcription.models == ["gemini_3_flash"])
        #expect(try load("transcription.gemini.api_key: ''").transcription.models == ["tesseract"])
    }

    @Test("every key can be given by its variable")
    func variables() throws {
        let settings = try load(
            "",
            [
                "NIDS_NEXTCLOUD_INCLUDE": "a/**, b,c ,,", "NIDS_NEXTCLOUD_EXCLUDE": "**/x",
                "NIDS_NEXTCLOUD_POLL_INTERVAL": "1s",
                "NIDS_NEXTCLOUD_WALK_INTERVAL": "2s", "NIDS_NEXTCLOUD_FULL_CHECK_INTERVAL": "3s",
                "NIDS_NEXTCLOUD_CA_FILE": #filePath, "NIDS_NEXTCLOUD_MAX_SCAN_SIZE": "5MB",
                "NIDS_STATE_DIRECTORY": "/s", "NIDS_TRANSCRIPTION_MODELS": "gemini_3_flash,tesseract",
                "NIDS_TRANSCRIPTION_CONCURRENCY": "3", "NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "12.50",
                "NIDS_TRANSCRIPTION_BATCH": "true",
                "NIDS_TRANSCRIPTION_GEMINI_API_KEY": "g", "NIDS_TRANSCRIPTION_GEMINI_BASE_URL": "http://g",
                "NIDS_TRANSCRIPTION_OPENAI_API_KEY": "o", "NIDS_TRANSCRIPTION_OPENAI_BASE_URL": "http://o",
                "NIDS_OBSERVATIONS_HOST": "db", "NIDS_OBSERVATIONS_PORT": "3307", "NIDS_OBSERVATIONS_NAME": "nids",
                "NIDS_OBSERVATIONS_USER": "u", "NIDS_OBSERVATIONS_PASSWORD": "p", "NIDS_STATUS_LISTEN": "0.0.0.0:80",
                "NIDS_STOP_GRACE": "4s", "NIDS_LOG_LEVEL": "debug",
            ])
        #expect(settings.nextcloud.url == "https://cloud.example.org")
        #expect(settings.nextcloud.password.value == "hunter2")
        #expect(settings.nextcloud.include == ["a/**", "b", "c"])
        #expect(settings.nextcloud.exclude == ["**/x"])
        #expect(settings.nextcloud.pollInterval == .seconds(1))
        #expect(settings.nextcloud.walkInterval == .seconds(2))
        #expect(settings.nextcloud.fullCheckInterval == .seconds(3))
        #expect(settings.nextcloud.caFile == #filePath)
        #expect(settings.nextcloud.maximumScanSize == 5_000_000)
        #expect(settings.stateDirectory == "/s")
        #expect(settings.transcription.models == ["gemini_3_flash", "tesseract"])
        #expect(settings.transcription.concurrency == 3)
        #expect(settings.transcription.monthlyBudget == .sum(12.5))
        #expect(settings.transcription.usesBatch)
        #expect(settings.transcription.geminiKey?.value == "g")
        #expect(settings.transcription.geminiBaseURL == "http://g")
        #expect(settings.transcription.openAIKey?.value == "o")
        #expect(settings.transcription.openAIBaseURL == "http://o")
        #expect(settings.observations.home == "mariadb://db:3307/nids")
        #expect(settings.statusListen == "0.0.0.0:80")
        #expect(settings.stopGrace == .seconds(4))
        #expect(settings.logLevel == "debug")
    }

    @Test("the environment wins over the file, the systematic name over the short one")
    func precedence() throws {
        let yaml = "observations: {host: file, name: n, user: u, port: 1}\n"
        #expect(try load(yaml).observations.home == "mariadb://file:1/n")
        #expect(try load(yaml, ["DB_HOST": "short", "DB_PORT": "2"]).observations.home == "mariadb://short:2/n")
        let both = ["DB_HOST": "short", "NIDS_OBSERVATIONS_HOST": "long", "DB_NAME": "m"]
        #expect(try load(yaml, both).observations.home == "mariadb://long:1/m")
    }

    @Test("an empty variable is as if it were not there")
    func emptyVariable() throws {
        #expect(try load("log.level: debug", ["NIDS_LOG_LEVEL": ""]).logLevel == "debug")
        #expect(try load("", ["DB_HOST": ""]).observations == .sqlite)
    }

    @Test(
        "a yes or no is what people write for it",
        arguments: [
            ("true", true), ("True", true), ("yes", true), ("on", true), ("'yes'", true), ("false", false),
            ("no", false), ("NO", false), ("off", false), ("", false), ("~", false),
        ])
    func booleans(text: String, value: Bool) throws {
        #expect(try load("transcription:\n  batch: \(text)\n").transcription.usesBatch == value)
    }

    @Test("a list is a YAML list or one text with commas")
    func lists() throws {
        #expect(try load("nextcloud:\n  include:\n    - a/**\n    - \"b,c\"\n").nextcloud.include == ["a/**", "b,c"])
        #expect(try load("nextcloud:\n  include: a/**, b\n").nextcloud.include == ["a/**", "b"])
        #expect(try load("nextcloud:\n  exclude: []\n").nextcloud.exclude.isEmpty)
        let override = try load("nextcloud:\n  include: [a]\n", ["NIDS_NEXTCLOUD_INCLUDE": "b"])
        #expect(override.nextcloud.include == ["b"])
    }

    @Test(
        "what is required is asked for, with the variable that gives it",
        arguments: ["url", "user", "password", "root"])
    func missing(key: String) throws {
        let variable = "NIDS_NEXTCLOUD_\(key.uppercased())"
        let error = try refusal("", [variable: ""])
        #expect(error.key == "nextcloud.\(key)")
        #expect(error.problem == "missing")
        #expect(error.advice.contains(variable))
    }

    @Test("a database without a name or user is told what is missing", arguments: ["name", "user"])
    func incompleteDatabase(key: String) throws {
        let variables = ["DB_HOST": "h", "DB_NAME": "n", "DB_USER": "u"].merging(["DB_\(key.uppercased())": ""]) { $1 }
        #expect(try refusal("", variables).key == "observations.\(key)")
    }

    @Test(
        "a wrong value is named with its line, its key and what would be right",
        arguments: [
            ("nextcloud.poll_interval", "often"), ("nextcloud.poll_interval", "10"), ("nextcloud.poll_interval", "0s"),
            ("nextcloud.walk_interval", "0s"), ("nextcloud.full_check_interval", "0s"),
            ("nextcloud.poll_interval", "-1s"),
            ("nextcloud.max_scan_size", "big"), ("nextcloud.max_scan_size", "0"), ("nextcloud.include", "','"),
            ("nextcloud.include", "[]"), ("transcription.models", "[]"),
            ("nextcloud.ca_file", "/nonexistent/ca.pem"), ("transcription.concurrency", "0"),
            ("transcription.concurrency", "1.5"), ("transcription.monthly_budget", "-1"),
            ("transcription.monthly_budget", "lots"), ("transcription.monthly_budget", "nan"),
            ("transcription.monthly_budget", "inf"), ("transcription.batch", "maybe"), ("transcription.batch", "1"),
            ("transcription.batch", "[true]"), ("transcription.models", "../up"), ("transcription.models", "a b"),
            ("transcription.models", "[a, a]"), ("transcription.models", ".hidden"), ("transcription.models", "é"),
            ("transcription.gemini.base_url", "generativelanguage"), ("transcription.openai.base_url", "ftp://x"),
            ("observations.port", "0"), ("observations.port", "65536"), ("observations.port", "mysql"),
            ("status.listen", "8099"), ("status.listen", "localhost:port"), ("status.listen", "x:70000"),
            ("stop.grace", "long"), ("stop.grace", "25h"), ("log.level", "loud"), ("log.level", "[info]"),
            ("nextcloud.poll_interval", "1ms"), ("nextcloud.poll_interval", "367d"), ("nextcloud.pair_wait", "9999d"),
            ("nextcloud.max_scan_size", "11GB"), ("nextcloud.max_scan_size", "1.5"),
            ("transcription.monthly_budget", "1000000000"),
            ("transcription.monthly_budget", "1" + String(repeating: "0", count: 400)),
            ("transcription.requests_per_minute", "100001"), ("transcription.concurrency", "99999999999999999999"),
            ("nextcloud.allow_http", "perhaps"), ("observations.tls", "on"),
            ("observations.ca_file", "/nonexistent/ca"),
        ])
    func wrongValue(key: String, value: String) throws {
        let error = try refusal(
            "\nobservations.host: h\nobservations.name: n\nobservations.user: u\n\(key): \(value)\n")
        #expect(error.key == key)
        #expect(error.place == .file("nids.yaml", line: 5))
        #expect(!error.advice.isEmpty)
    }

    @Test(
        "an address of Nextcloud that cannot be one is refused",
        arguments: [
            "cloud.example.org", "ftp://cloud.example.org", "https://", "https:///nextcloud",
            "https://cloud example.org",
            "https://cloud.example.org/?x=1", "https://cloud.example.org/#x",
        ])
    func wrongAddress(url: String) throws {
        let error = try refusal("", ["NIDS_NEXTCLOUD_URL": url])
        #expect(error.key == "nextcloud.url")
        #expect(error.place == .variable("NIDS_NEXTCLOUD_URL"))
    }

    @Test(
        "an address with a port, a folder, numbers for a name or an e-mail address in its path is fine",
        arguments: [
            "http://127.0.0.1:8080", "https://[::1]:8443/cloud/", "https://cloud.example.org/nextcloud",
            "https://cloud.example.org/remote.php/dav/files/anne@example.org/Scans",
        ])
    func addresses(url: String) throws {
        #expect(try load("", ["NIDS_NEXTCLOUD_URL": url]).nextcloud.url == url)
    }

    @Test(
        "http beyond loopback and private networks is refused unless it is allowed",
        arguments: [
            "http://cloud.example.org", "http://8.8.8.8/nextcloud", "http://[2001:db8::1]:80",
            "http://cloud.lan.example.org",
            "http://172.32.0.1", "http://cloud.example.org:8080/nextcloud",
        ])
    func plainHTTP(url: String) throws {
        let error = try refusal("", ["NIDS_NEXTCLOUD_URL": url])
        #expect(error.key == "nextcloud.url")
        #expect(error.advice.contains("nextcloud.allow_http"))
        #expect(try load("nextcloud.allow_http: true", ["NIDS_NEXTCLOUD_URL": url]).nextcloud.url == url)
        #expect(try load("", ["NIDS_NEXTCLOUD_URL": url, "NIDS_NEXTCLOUD_ALLOW_HTTP": "yes"]).nextcloud.url == url)
    }

    @Test(
        "http within a network of one's own is fine",
        arguments: [
            "http://127.0.0.1:8080", "http://localhost", "http://192.168.1.10/nextcloud", "http://10.0.0.5",
            "http://[::1]:80",
            "http://[fd00::5]/", "http://nextcloud", "http://nas.local:8080", "http://cloud.home.arpa",
            "http://nc.internal",
        ])
    func localHTTP(url: String) throws {
        #expect(try load("", ["NIDS_NEXTCLOUD_URL": url]).nextcloud.url == url)
    }

    @Test(
        "a pattern with signs that mean nothing here is told about them",
        arguments: [
            "jpeg/*.{jpg,png}", "jpeg/[a-f]*/**", "./jpeg/**", "jpeg/./x", "../jpeg", "/jpeg/**", "!old/**",
            "jpeg\\*.jpg",
            "{jpeg,pdf}/**",
        ])
    func misunderstoodPatterns(pattern: String) throws {
        for key in ["nextcloud.include", "nextcloud.exclude"] {
            let error = try refusal("\(key): ['\(pattern)']")
            #expect(error.key == key)
            #expect(!error.advice.isEmpty)
        }
        #expect(try refusal("", ["NIDS_NEXTCLOUD_INCLUDE": pattern]).key == "nextcloud.include")
    }

    @Test("a root that is no path is refused before anything is asked", arguments: ["../up", "a//b", "a/./b"])
    func wrongRoot(root: String) throws {
        #expect(try refusal("", ["NIDS_NEXTCLOUD_ROOT": root]).key == "nextcloud.root")
    }

    @Test(
        "a state folder that depends on where the program is started is refused",
        arguments: ["~/nids", "state", "./state", "../state"])
    func relativeState(directory: String) throws {
        #expect(try refusal("state.directory: \(directory)\n").key == "state.directory")
        #expect(try refusal("", ["NIDS_STATE_DIRECTORY": directory]).place == .variable("NIDS_STATE_DIRECTORY"))
    }

    @Test("a text of several lines is refused; one line break at its end is not its own")
    func lineBreaks() throws {
        #expect(try load("nextcloud:\n  exclude: []\nstate:\n  directory: |\n    /state\n").stateDirectory == "/state")
        #expect(try refusal("", ["NIDS_NEXTCLOUD_USER": "a\nb"]).key == "nextcloud.user")
    }

    @Test("an unknown NIDS_ variable is an error that names the one that was meant")
    func unknownVariable() throws {
        let error = try refusal("", ["NIDS_NEXTCLOUD_PASSWRD": "hunter2"])
        #expect(error.place == .variable("NIDS_NEXTCLOUD_PASSWRD"))
        #expect(error.advice == "Did you mean NIDS_NEXTCLOUD_PASSWORD?")
        #expect(try refusal("", ["NIDS_": "x"]).place == .variable("NIDS_"))
        #expect(try refusal("", ["NIDS_TESTING": "x"]).place == .variable("NIDS_TESTING"))
    }

    @Test("variables for tests, and other programs' variables, are left alone")
    func otherVariables() throws {
        _ = try load("", ["NIDS_TEST_ANYTHING": "x", "NIDSX": "y", "DB_ENGINE": "z", "HOME": "/h"])
    }

    @Test("a huge unknown variable is told about at once", .timeLimit(.minutes(5)))
    func hugeVariable() throws {
        let error = try refusal("", ["NIDS_" + String(repeating: "X", count: 100_000): "x"])
        #expect("\(error)".utf8.count < 1000)
    }
}
