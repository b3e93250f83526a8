/// The names in a certificate, read from its bytes. The TLS library shows the dates of a certificate, and not whose it is.
struct CertificateNames: Equatable {
    /// The subject as it stands in the certificate.
    let subject: [UInt8]
    /// The issuer as it stands in the certificate; equal to the subject where the certificate is signed by itself.
    let issuer: [UInt8]
    /// The issuer's common name or organization.
    let issuerName: String?
    /// The hosts that it is for, as far as they are names.
    let hosts: [String]

    /// Reads a certificate in DER form; nil where that is not its form.
    init?(der: [UInt8]) {
        var outer = DERReader(der)
        guard var certificate = outer.next(DERReader.sequence), var body = certificate.next(DERReader.sequence) else {
            return nil
        }
        // Version, where it is there; serial number; algorithm; issuer; times; subject; key; extensions, where they are there.
        _ = body.next(DERReader.explicit0)
        guard body.next(DERReader.integer) != nil, body.next(DERReader.sequence) != nil,
            let issuer = body.next(DERReader.sequence), body.next(DERReader.sequence) != nil,
            let subject = body.next(DERReader.sequence)
        else { return nil }
        self.subject = subject.bytes
        self.issuer = issuer.bytes
        issuerName = Self.name(in: issuer)
        _ = body.next(DERReader.sequence)
        hosts = body.skip(to: DERReader.explicit3).map(Self.hosts) ?? []
    }

    private static let commonName: [UInt8] = [0x55, 0x04, 0x03]
    private static let organization: [UInt8] = [0x55, 0x04, 0x0A]
    private static let subjectAlternativeName: [UInt8] = [0x55, 0x1D, 0x11]

    private static func name(in names: DERReader) -> String? {
        var names = names
        var found: [[UInt8]: String] = [:]
        while var set = names.next(DERReader.set) {
            while var pair = set.next(DERReader.sequence) {
                guard let key = pair.next(DERReader.objectIdentifier), let value = pair.nextOfAny() else { continue }
                found[key.bytes] = String(decoding: value.bytes, as: UTF8.self)
            }
        }
        return found[commonName] ?? found[organization]
    }

    private static func hosts(in extensions: DERReader) -> [String] {
        var outer = extensions
        guard var list = outer.next(DERReader.sequence) else { return [] }
        while var entry = list.next(DERReader.sequence) {
            guard entry.next(DERReader.objectIdentifier)?.bytes == subjectAlternativeName else { continue }
            _ = entry.next(DERReader.boolean)
            guard var value = entry.next(DERReader.octetString), var names = value.next(DERReader.sequence) else {
                return []
            }
            var hosts: [String] = []
            while let (tag, name) = names.nextWithTag() {
                if tag == DERReader.dnsName { hosts.append(String(decoding: name.bytes, as: UTF8.self)) }
            }
            return hosts
        }
        return []
    }
}

/// Walks through the values of DER, one after the other.
struct DERReader {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let octetString: UInt8 = 0x04
    static let objectIdentifier: UInt8 = 0x06
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    static let dnsName: UInt8 = 0x82
    static let explicit0: UInt8 = 0xA0
    static let explicit3: UInt8 = 0xA3

    private var rest: ArraySlice<UInt8>

    /// A reader of the values in `bytes`.
    init(_ bytes: [UInt8]) { rest = bytes[...] }

    private init(_ rest: ArraySlice<UInt8>) { self.rest = rest }

    /// What is still to be read.
    var bytes: [UInt8] { Array(rest) }

    /// The content of the next value, if it has this tag; else nil, and nothing was read.
    mutating func next(_ tag: UInt8) -> DERReader? {
        guard rest.first == tag else { return nil }
        return nextWithTag()?.content
    }

    /// The content of the next value.
    mutating func nextOfAny() -> DERReader? { nextWithTag()?.content }

    /// Skips to the next value with this tag, and returns its content.
    mutating func skip(to tag: UInt8) -> DERReader? {
        while let value = nextWithTag() {
            if value.tag == tag { return value.content }
        }
        return nil
    }

    /// The next value; nil at the end, and where the bytes are no DER.
    mutating func nextWithTag() -> (tag: UInt8, content: DERReader)? {
        var left = rest
        guard let tag = left.popFirst(), let first = left.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            // More than four bytes would be more than a handshake can carry.
            guard (1...4).contains(first & 0x7F), left.count >= Int(first & 0x7F) else { return nil }
            length = 0
            for _ in 0..<(first & 0x7F) { length = length << 8 | Int(left.removeFirst()) }
        }
        guard length <= left.count else { return nil }
        let content = left.prefix(length)
        rest = left.dropFirst(length)
        return (tag, DERReader(content))
    }
}
