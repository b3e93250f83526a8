package import SystemPackage

/// Where text goes.
package protocol TextOutput: Sendable {
    /// Writes all of `text`.
    ///
    /// - Throws: what the kernel said.
    func write(_ text: String) throws(Errno)
}

/// An open descriptor, written to without a buffer.
package struct DescriptorOutput: TextOutput {
    private let descriptor: FileDescriptor

    /// Standard output.
    package static let standardOutput = DescriptorOutput(descriptor: .standardOutput)

    /// Standard error.
    package static let standardError = DescriptorOutput(descriptor: .standardError)

    /// Writes all of `text`, however often the kernel takes only a part.
    package func write(_ text: String) throws(Errno) {
        do {
            try descriptor.writeAll(text.utf8)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
