/// Events of a stream for callers.
enum SSEWriting {
    /// `event: name` where there is a name, one line of data, and the blank line.
    static func append(_ data: [UInt8], named name: String? = nil, to output: inout [UInt8]) {
        if let name {
            output.append(contentsOf: "event: ".utf8)
            output.append(contentsOf: name.utf8)
            output.append(0x0a)
        }
        output.append(contentsOf: "data: ".utf8)
        output.append(contentsOf: data)
        output.append(0x0a)
        output.append(0x0a)
    }
}
