import ArgumentParser

extension SchemaEngine: ExpressibleByArgument {}

/// `captivateiq-export schema`.
struct SchemaCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the table's definition for an engine.",
        discussion: HelpText.schema)

    @Option(name: .customLong("for"), help: ArgumentHelp("The engine.", valueName: "engine"))
    var engine: SchemaEngine

    @Option(
        help: ArgumentHelp(
            "Where the engine finds the archive: a folder, or a URL such as s3://bucket/audit (default: the folder in "
                + "which the text is used).", valueName: "place"))
    var location = ""

    func run(_ context: ProgramContext) async -> ExitStatus {
        var place = location
        while place.count > 1, place.hasSuffix("/") { place.removeLast() }
        let text = engine.text(TableSchema(location: place))
        let runner = CommandRunner(context: context, flags: [:])
        return await runner.run({ (reader) throws(SettingsError) in
            guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        }) { (_: Void, _) in
            var object = JSONObjectText()
            object.add("engine", engine.rawValue)
            object.add("definition", text)
            return CommandRunner.Result(text: text, json: object.text + "\n")
        }
    }
}
