@main struct WeirControl {
    static func main() {}
}
