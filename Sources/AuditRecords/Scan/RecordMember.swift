import JSONText
/// The members of a record that the export looks at.
enum RecordMember: String, CaseIterable {
    case id
    case createdAt = "created_at"
    case organizationID = "organization_id"
    case organizationName = "organization_name"

    /// The member that `key` names, if it is one of these.
    init?(_ key: JSONString, in text: RawSpan) {
        guard !key.hasEscapes else {
            self.init(escaped: key, in: text)
            return
        }
        // Length and first letter rule nearly every other key out.
        switch (key.range.count, text.byte(at: key.range.lowerBound)) {
        case (2, ASCII.letter("i")) where key.says("id", in: text): self = .id
        case (10, ASCII.letter("c")) where key.says("created_at", in: text): self = .createdAt
        case (15, ASCII.letter("o")) where key.says("organization_id", in: text): self = .organizationID
        case (17, ASCII.letter("o")) where key.says("organization_name", in: text): self = .organizationName
        default: return nil
        }
    }

    private init?(escaped key: JSONString, in text: RawSpan) {
        for member in RecordMember.allCases where key.says(member.rawValue, in: text) {
            self = member
            return
        }
        return nil
    }
}
