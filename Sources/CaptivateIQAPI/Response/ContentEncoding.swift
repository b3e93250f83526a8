/// How an answer says its body is compressed. Only gzip is asked for.
enum ContentEncoding {
    /// What the transport takes off a body.
    private static let understood = ["gzip", "deflate"]
    /// Names that a message may repeat; anything else could be whatever the server wants to be shown.
    private static let known: Set = ["gzip", "deflate", "br", "zstd", "compress", "x-gzip", "x-compress"]
    private static let mostShown = 5

    /// The codings among the header's values that leave a body unreadable, as a message shows them; nil if there are
    /// none: no coding, or a single one that is understood.
    ///
    /// Names alone decide nothing, since servers have odd ones for "none": asked once a body turned out to be no JSON.
    static func unsupported(in values: [String]) -> String? {
        let names = values.flatMap { $0.split(separator: ",") }.map { name in
            name.lowercased().filter { $0 != " " && $0 != "\t" }
        }
        let codings = names.filter { !$0.isEmpty && $0 != "identity" }
        if codings.isEmpty || codings.count == 1 && understood.contains(codings[0]) { return nil }
        return codings.prefix(mostShown).map { known.contains($0) ? $0 : "something unknown" }.joined(separator: ", ")
    }
}
