import SystemPackage

/// Where text goes.
protocol TextOutput: Sendable {
    /// Writes all of `text`.
    ///
    /// - Throws: what the kernel said.
    func write(_ text: String) throws(Errno)
}

/// An open descriptor, written to without a buffer.
struct DescriptorOutput: TextOutput {
    private let descriptor: FileDescriptor

    /// Standard output.
    static let standardOutput = DescriptorOutput(descriptor: .standardOutput)

    /// Standard error.
    static let standardError = DescriptorOutput(descriptor: .standardError)

    /// Writes all of `text`, however often the kernel takes only a part.
    func write(_ text: String) throws(Errno) {
        do {
            try descriptor.writeAll(text.utf8)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
