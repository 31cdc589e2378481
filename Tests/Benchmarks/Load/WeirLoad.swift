@main struct WeirLoad {
    static func main() {}
}
