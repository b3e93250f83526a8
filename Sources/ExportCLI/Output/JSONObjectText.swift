import JSONText

/// A JSON object, written member by member in the order they are added. Its strings are safe to look at on a terminal.
struct JSONObjectText: Sendable {
    private var members: [String] = []

    /// Adds a member whose value is JSON already.
    mutating func add(_ key: String, json: String) {
        members.append("\(VisibleText.quotedJSON(key)): \(json)")
    }

    /// Adds a string, or null.
    mutating func add(_ key: String, _ value: String?) {
        add(key, json: value.map(VisibleText.quotedJSON) ?? "null")
    }

    /// Adds a number, or null.
    mutating func add(_ key: String, _ value: Int?) {
        add(key, json: value.map(String.init) ?? "null")
    }

    /// Adds true or false.
    mutating func add(_ key: String, isTrue: Bool) {
        add(key, json: isTrue ? "true" : "false")
    }

    /// Adds seconds with at most three decimals, or null.
    mutating func add(_ key: String, seconds: Duration?) {
        add(key, json: seconds.map(Units.decimalSeconds) ?? "null")
    }

    /// Adds a list of strings.
    mutating func add(_ key: String, list: [String]) {
        add(key, json: Self.list(list.map(VisibleText.quotedJSON)))
    }

    /// Adds a list of objects.
    mutating func add(_ key: String, objects: [JSONObjectText]) {
        add(key, json: Self.list(objects.map(\.text)))
    }

    /// The object in one line.
    var text: String { "{\(members.joined(separator: ", "))}" }

    /// The object, a member a line, with an end of line.
    var lines: String { "{\n  \(members.joined(separator: ",\n  "))\n}\n" }

    private static func list(_ elements: [String]) -> String { "[\(elements.joined(separator: ", "))]" }
}
