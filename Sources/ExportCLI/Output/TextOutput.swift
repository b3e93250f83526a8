import JSONText
import SystemPackage

/// Where text goes.
protocol TextOutput: Sendable {
    /// Writes all of `text`.
    ///
    /// - Throws: the error of the system's call.
    func write(_ text: String) throws(Errno)

    /// Writes all of `bytes`, which are UTF-8.
    ///
    /// - Throws: the error of the system's call.
    func write(_ bytes: [UInt8]) throws(Errno)
}

extension TextOutput {
    func write(_ bytes: [UInt8]) throws(Errno) { try write(String(decoding: bytes, as: UTF8.self)) }
}

/// An open descriptor, written to without a buffer.
struct DescriptorOutput: TextOutput {
    private let descriptor: FileDescriptor

    /// Standard output.
    static let standardOutput = DescriptorOutput(descriptor: .standardOutput)

    /// Standard error.
    static let standardError = DescriptorOutput(descriptor: .standardError)

    /// Writes all of `text`, in several calls if one takes only a part.
    func write(_ text: String) throws(Errno) { try write(utf8: text.utf8) }

    /// Writes all of `bytes`, as they are.
    func write(_ bytes: [UInt8]) throws(Errno) { try write(utf8: bytes) }

    private func write(utf8 bytes: some Sequence<UInt8>) throws(Errno) {
        do {
            try descriptor.writeAll(bytes)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

/// Text from elsewhere (a server, a file, a name) in a form that is safe on a terminal.
enum TerminalText {
    /// The most characters of a line.
    private static let longest = 4000

    /// The text on one line, cut when it is very long. Characters that a terminal would obey, or that would hide or
    /// reorder text, are written as escapes.
    static func oneLine(_ text: String) -> String {
        let line = VisibleText.oneLine(text)
        let scalars = line.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: longest, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return line }
        return String(scalars[..<end]) + "…"
    }
}
