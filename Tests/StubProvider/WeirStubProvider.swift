@main struct WeirStubProvider {
    static func main() {}
}
