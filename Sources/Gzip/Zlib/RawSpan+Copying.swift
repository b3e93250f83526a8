extension [UInt8] {
    /// Copies `bytes` to the end.
    mutating func append(copying bytes: RawSpan) {
        bytes.withUnsafeBytes { append(contentsOf: $0) }
    }
}
