import ArgumentParser

extension ArgumentHelp {
    /// The help of a setting's flag.
    init(_ setting: Setting, _ valueName: String? = nil) {
        self.init(stringLiteral: setting.helpLine)
        self.valueName = valueName
    }
}

extension NameSpecification {
    /// The name of a setting's flag.
    static func setting(_ setting: Setting) -> NameSpecification { .customLong(setting.flagName) }
}

/// The flags that all commands have. Values are texts: what is wrong with them is the resolver's to say.
struct CommonOptions: ParsableArguments {
    @Option(name: .setting(.archive), help: ArgumentHelp(.archive, "dir"))
    var archive: String?

    @Option(name: .setting(.config), help: ArgumentHelp(.config, "file"))
    var config: String?

    @Option(name: .setting(.logLevel), help: ArgumentHelp(.logLevel, "level"))
    var logLevel: String?

    @Option(name: .setting(.logFormat), help: ArgumentHelp(.logFormat, "format"))
    var logFormat: String?

    @Flag(name: .setting(.json), inversion: .prefixedNo, help: ArgumentHelp(.json))
    var json: Bool?

    @Flag(name: .setting(.quiet), inversion: .prefixedNo, help: ArgumentHelp(.quiet))
    var quiet: Bool?

    /// The flags that were given.
    var flags: [Setting: String] {
        let texts: [Setting: String?] = [
            .archive: archive, .config: config, .logLevel: logLevel, .logFormat: logFormat,
            .json: json.map { "\($0)" }, .quiet: quiet.map { "\($0)" }
        ]
        return texts.compactMapValues { $0 }
    }
}
