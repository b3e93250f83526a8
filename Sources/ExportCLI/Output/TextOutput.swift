import JSONText
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

/// Text from elsewhere (a server, a file, a name) as a terminal may have it.
enum TerminalText {
    /// Longer lines hold something that nobody wants to read.
    private static let longest = 4000

    /// The text on one line, cut when it is very long, with everything as an escape that a terminal would obey, or that
    /// would hide or reorder what is shown.
    static func oneLine(_ text: String) -> String {
        let line = VisibleText.oneLine(text)
        let scalars = line.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: longest, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return line }
        return String(scalars[..<end]) + "…"
    }
}
