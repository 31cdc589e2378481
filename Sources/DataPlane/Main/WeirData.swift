@main struct WeirData {
    static func main() {}
}
