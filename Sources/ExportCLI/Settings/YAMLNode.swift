import CYAML

/// A part of a YAML text, which libyaml parses: a scalar as its text, whatever its type, or a collection.
indirect enum YAMLNode: Sendable {
    case scalar(String)
    case sequence([YAMLNode])
    case mapping([(key: String, value: YAMLNode)])

    /// The nesting that is followed. A configuration file has two levels.
    static let deepest = 64

    /// Parses a text with one document.
    ///
    /// - Returns: the document; nil where the text has nothing but comments.
    static func document(in text: [UInt8]) throws(YAMLError) -> YAMLNode? {
        // libyaml would count it as a column of the first line alone.
        let text = text.starts(with: "\u{FEFF}".utf8) ? text.dropFirst(3) : text[...]
        return try text.withUnsafeBufferPointer { (bytes) throws(YAMLError) in
            var parser = YAMLParser(bytes)
            return try parser.document()
        }
    }
}

/// Why a text is no YAML document that can be used. Holds nothing of the text, which may be a token.
enum YAMLError: Error, Equatable {
    /// It is no YAML: the place, counted from 1.
    case malformed(line: Int, column: Int)
    /// It is YAML, but has more than one document, a key that is no scalar, an alias that is not of a scalar before it,
    /// or too deep a nesting.
    case unsupported
}

/// Composes a document of libyaml's events. Lives no longer than the bytes that it was given.
private struct YAMLParser: ~Copyable {
    // On the heap, since libyaml's state points back to it: its address must not change.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// The scalars that have a name.
    private var anchors: [String: String] = [:]

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        // It can only fail for want of memory, and every call after that fails too.
        _ = yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func document() throws(YAMLError) -> YAMLNode? {
        guard try next() == .streamStart else { throw .unsupported }
        guard try next() == .documentStart else { return nil }
        let node = try node(try next(), depth: 0)
        guard try next() == .documentEnd, try next() == .streamEnd else { throw .unsupported }
        return node
    }

    /// Reads the rest of the node that begins with an event.
    private mutating func node(_ event: Event, depth: Int) throws(YAMLError) -> YAMLNode {
        guard depth < YAMLNode.deepest else { throw .unsupported }
        switch event {
        case .scalar(let text): return .scalar(text)
        case .sequenceStart: return .sequence(try sequence(depth + 1))
        case .mappingStart: return .mapping(try mapping(depth + 1))
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .collectionEnd: throw .unsupported
        }
    }

    private mutating func sequence(_ depth: Int) throws(YAMLError) -> [YAMLNode] {
        var nodes: [YAMLNode] = []
        while case let event = try next(), event != .collectionEnd { nodes.append(try node(event, depth: depth)) }
        return nodes
    }

    private mutating func mapping(_ depth: Int) throws(YAMLError) -> [(key: String, value: YAMLNode)] {
        var pairs: [(key: String, value: YAMLNode)] = []
        while case let event = try next(), event != .collectionEnd {
            guard case .scalar(let key) = event else { throw .unsupported }
            pairs.append((key, try node(try next(), depth: depth)))
        }
        return pairs
    }

    /// Takes the next event. An alias is the scalar that it stands for.
    private mutating func next() throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            let mark = parser.pointee.problem_mark
            throw .malformed(line: mark.line + 1, column: mark.column + 1)
        }
        defer { yaml_event_delete(&event) }
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart
        case YAML_MAPPING_START_EVENT: return .mappingStart
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd
        case YAML_SCALAR_EVENT: return .scalar(scalar(event))
        case YAML_ALIAS_EVENT:
            guard let text = anchors[String(cString: event.data.alias.anchor)] else { throw .unsupported }
            return .scalar(text)
        default: return .streamEnd
        }
    }

    private mutating func scalar(_ event: yaml_event_t) -> String {
        let scalar = event.data.scalar
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let text = String(decoding: bytes, as: UTF8.self)
        if let name = scalar.anchor { anchors[String(cString: name)] = text }
        return text
    }
}

extension YAMLParser {
    /// What libyaml tells of a text, as far as it matters here.
    private enum Event: Equatable {
        case streamStart, streamEnd, documentStart, documentEnd
        case scalar(String)
        case sequenceStart, mappingStart, collectionEnd
    }
}
