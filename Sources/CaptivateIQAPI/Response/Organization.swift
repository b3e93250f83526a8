import JSONText

/// An organization that the token can see.
package struct Organization: Hashable, Sendable {
    /// Primary key; equals `organization_id` of its events.
    package var id: String
    /// Display name.
    package var name: String

    /// The organization with this id and name.
    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// The organizations in a list's `data`.
enum OrganizationList {
    /// Reads `data[].id` and `data[].name` of a list; a missing name is the id.
    ///
    /// - Throws: `JSONTextError` when an id or a name is not a string.
    /// - Returns: nil when an element has no id.
    static func organizations(in body: [UInt8]) throws(JSONTextError) -> [Organization]? {
        var found: [Organization] = []
        var isComplete = true
        var reader = JSONReader(body, passesByteOrderMark: true)
        try reader.readObject { (reader, key) throws(JSONTextError) in
            guard key == "data" else { return try reader.skipValue() }
            try reader.readArray { (reader) throws(JSONTextError) in
                if let organization = try organization(&reader) {
                    found.append(organization)
                } else {
                    isComplete = false
                }
            }
        }
        return isComplete ? found : nil
    }

    private static func organization(_ reader: inout JSONReader) throws(JSONTextError) -> Organization? {
        var id: String?
        var name: String?
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "id": id = try reader.readString()
            case "name": name = try reader.readNull() ? nil : try reader.readString()
            default: try reader.skipValue()
            }
        }
        return id.map { Organization(id: $0, name: name ?? $0) }
    }
}
