@testable import Shared
import XCTest

private func hex(_ text: String) -> [UInt8] { Hex.decode(text.filter { !$0.isWhitespace })! }

final class DigestTests: XCTestCase {
    // FIPS 180-4 examples.
    func testSHA256GivesThePublishedDigests() {
        let hasher = SHA256()
        for (message, digest) in [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ] {
            XCTAssertEqual(hasher.hash(Array(message.utf8)).hex, digest)
            XCTAssertEqual(SHA256.digest(Array(message.utf8)).hex, digest)
        }
    }

    func testPiecesHashLikeTheWhole() {
        let hasher = SHA256()
        for piece in ["a", "", "b", "c"] { hasher.update(Array(piece.utf8)) }
        XCTAssertEqual(hasher.finish(), SHA256.digest(Array("abc".utf8)))
        hasher.reset()
        XCTAssertEqual(hasher.finish(), SHA256.digest([]))
    }

    func testADigestSurvivesItsTextAndItsBytes() {
        let digest = SHA256.digest([1, 2, 3])
        XCTAssertEqual(SHA256Digest(bytes: digest.bytes), digest)
        XCTAssertEqual(SHA256Digest(hex: digest.hex), digest)
        XCTAssertEqual(digest.firstByte, digest.bytes[0])
        XCTAssertNil(SHA256Digest(hex: digest.hex.uppercased()))
        XCTAssertNil(SHA256Digest(hex: String(digest.hex.dropLast())))
        XCTAssertNil(SHA256Digest(bytes: digest.bytes + [0]))
    }

    func testDigestsCompareInByteOrder() {
        let digests = (0..<64).map { SHA256.digest([$0]) }
        XCTAssertEqual(digests.sorted().map(\.hex), digests.map(\.hex).sorted())
    }

    // RFC 4231, test cases 1, 2, 3 and 6.
    func testHMACGivesThePublishedCodes() {
        let cases: [(key: [UInt8], message: [UInt8], code: String)] = [
            (
                Array(repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                Array(repeating: 0xaa, count: 20), Array(repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                Array(repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
        for (key, message, code) in cases {
            XCTAssertEqual(HMACSHA256.authenticate(message, key: key).hex, code)
            XCTAssertTrue(HMACSHA256.isValid(hex(code), for: message, key: key))
            XCTAssertFalse(HMACSHA256.isValid(hex(code), for: message + [0], key: key))
        }
    }

    func testAnEmptyKeyIsAKey() {
        XCTAssertEqual(
            HMACSHA256.authenticate([], key: []).hex,
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    func testConstantTimeComparisonComparesAll() {
        XCTAssertTrue(constantTimeEqual([], []))
        XCTAssertTrue(constantTimeEqual([1, 2], [1, 2]))
        XCTAssertFalse(constantTimeEqual([1, 2], [1, 3]))
        XCTAssertFalse(constantTimeEqual([1, 2], [1, 2, 3]))
    }

    // RFC 3720 appendix B.4, and the check value of the catalogues.
    func testCRC32CGivesThePublishedChecksums() {
        let cases: [([UInt8], UInt32)] = [
            (Array(repeating: 0, count: 32), 0x8a91_36aa), (Array(repeating: 0xff, count: 32), 0x62a8_ab43),
            (Array(0..<32), 0x46dd_794e), ((0..<32).reversed(), 0x113f_db5c), (Array("123456789".utf8), 0xe306_9283),
            ([], 0),
        ]
        for (bytes, checksum) in cases {
            XCTAssertEqual(CRC32C.checksum(bytes), checksum)
            let sliced = unsafe bytes.withUnsafeBytes { unsafe ~CRC32C.sliced.update(~0, with: $0) }
            XCTAssertEqual(sliced, checksum)
        }
    }

    // From zlib's crc32().
    func testCRC32GivesTheChecksumsOfZlib() {
        let cases: [([UInt8], UInt32)] = [
            ([], 0), (Array("123456789".utf8), 0xcbf4_3926), (Array(repeating: 0, count: 32), 0x190a_55ad),
            (Array(repeating: 0xff, count: 32), 0xff6c_ab0b), (Array(0..<32), 0x9126_7e8a),
        ]
        for (bytes, checksum) in cases { XCTAssertEqual(CRC32.checksum(bytes), checksum) }
    }

    func testCRC32GoesOnWhereItStopped() {
        let bytes = Array("123456789".utf8)
        for split in 0...bytes.count {
            unsafe bytes.withUnsafeBytes { all in
                let head = unsafe CRC32.checksum(UnsafeRawBufferPointer(rebasing: all[..<split]))
                let whole = unsafe CRC32.checksum(UnsafeRawBufferPointer(rebasing: all[split...]), continuing: head)
                XCTAssertEqual(whole, 0xcbf4_3926)
            }
        }
    }

    func testInstructionAndTablesAgreeAtEveryLengthAndSplit() {
        var random = SeededRandom(seed: 1)
        let bytes = (0..<100).map { _ in UInt8.random(in: 0...255, using: &random) }
        for count in 1...bytes.count {
            unsafe bytes.withUnsafeBytes { all in
                let whole = unsafe CRC32C.checksum(UnsafeRawBufferPointer(rebasing: all[..<count]))
                let sliced = unsafe ~CRC32C.sliced.update(~0, with: UnsafeRawBufferPointer(rebasing: all[..<count]))
                XCTAssertEqual(whole, sliced)
                let head = unsafe CRC32C.checksum(UnsafeRawBufferPointer(rebasing: all[..<(count / 3)]))
                let rest = unsafe CRC32C.checksum(
                    UnsafeRawBufferPointer(rebasing: all[(count / 3)..<count]), continuing: head)
                XCTAssertEqual(rest, whole)
            }
        }
    }
}

final class SignatureTests: XCTestCase {
    // RFC 8032 section 7.1, tests 1 to 3.
    private let vectors = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            """
            e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24
            655141438e7a100b
            """
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            """
            92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee
            b00d291612bb0c00
            """
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            """
            6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d
            c027beceea1ec40a
            """
        ),
    ]

    func testEd25519GivesThePublishedSignatures() throws {
        for (secret, publicBytes, message, signature) in vectors {
            let key = try Ed25519PrivateKey(rawBytes: hex(secret))
            XCTAssertEqual(key.rawBytes, hex(secret))
            XCTAssertEqual(key.publicKey.rawBytes, hex(publicBytes))
            XCTAssertEqual(key.sign(hex(message)), hex(signature))
            XCTAssertTrue(try Ed25519PublicKey(rawBytes: hex(publicBytes)).isValid(hex(signature), for: hex(message)))
        }
    }

    func testAnyChangedBitSpoilsASignature() throws {
        let key = Ed25519PrivateKey()
        let message = Array("a manifest".utf8)
        let signature = key.sign(message)
        XCTAssertTrue(key.publicKey.isValid(signature, for: message))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            XCTAssertFalse(key.publicKey.isValid(changed, for: message))
        }
        XCTAssertFalse(key.publicKey.isValid(signature, for: message + [0]))
        XCTAssertFalse(key.publicKey.isValid(Array(signature.dropLast()), for: message))
        XCTAssertFalse(key.publicKey.isValid([], for: message))
        XCTAssertFalse(Ed25519PrivateKey().publicKey.isValid(signature, for: message))
    }

    func testAKeyIDIsTheBeginningOfTheDigestOfTheKey() throws {
        let key = try Ed25519PublicKey(rawBytes: hex(vectors[0].1))
        XCTAssertEqual(key.keyID, String(SHA256.digest(hex(vectors[0].1)).hex.prefix(16)))
    }

    func testKeysOfAnotherLengthAreRefused() {
        for count in [0, 31, 33, 64] {
            let bytes = [UInt8](repeating: 1, count: count)
            XCTAssertThrowsError(try Ed25519PrivateKey(rawBytes: bytes))
            XCTAssertThrowsError(try Ed25519PublicKey(rawBytes: bytes))
            XCTAssertThrowsError(try X25519PrivateKey(rawBytes: bytes))
            XCTAssertThrowsError(try AES256GCM(key: bytes))
        }
    }
}

final class SealingTests: XCTestCase {
    // RFC 7748 section 6.1.
    func testX25519GivesThePublishedSecret() throws {
        let alice = try X25519PrivateKey(
            rawBytes: hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
        let bob = try X25519PrivateKey(
            rawBytes: hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        XCTAssertEqual(
            alice.publicKey, hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"))
        XCTAssertEqual(bob.publicKey, hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"))
        let secret = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        XCTAssertEqual(try alice.sharedSecret(with: bob.publicKey), secret)
        XCTAssertEqual(try bob.sharedSecret(with: alice.publicKey), secret)
    }

    func testAPublicKeyThatForcesAZeroSecretIsRefused() {
        XCTAssertThrowsError(try X25519PrivateKey().sharedSecret(with: [UInt8](repeating: 0, count: 32))) {
            XCTAssertEqual($0 as? CryptoError, .invalidKey)
        }
    }

    // RFC 5869, test case 1.
    func testHKDFGivesThePublishedMaterial() {
        XCTAssertEqual(
            HKDF.sha256(
                secret: Array(repeating: 0x0b, count: 22), salt: Array(0...12), info: Array(0xf0...0xf9), byteCount: 42),
            hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"))
    }

    // The GCM specification of McGrew and Viega, test cases 13, 14 and 16.
    func testAES256GCMGivesThePublishedBoxes() throws {
        let zeros = try AES256GCM(key: Array(repeating: 0, count: 32))
        let nonce = [UInt8](repeating: 0, count: 12)
        XCTAssertEqual(
            zeros.seal([], nonce: nonce, associatedData: []), hex("530f8afbc74536b9a963b4f1c4cb738b"))
        XCTAssertEqual(
            zeros.seal(Array(repeating: 0, count: 16), nonce: nonce, associatedData: []),
            hex("cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"))

        let cipher = try AES256GCM(key: hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let plaintext = hex(
            """
            d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
            1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
            """)
        let sealed = hex(
            """
            522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
            8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b
            """)
        let associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        XCTAssertEqual(
            cipher.seal(plaintext, nonce: hex("cafebabefacedbaddecaf888"), associatedData: associated), sealed)
        XCTAssertEqual(
            try cipher.open(hex("cafebabefacedbaddecaf888") + sealed, associatedData: associated), plaintext)
    }

    func testSealingOpensAgainAtEverySize() throws {
        let cipher = try AES256GCM(key: SecureRandom.bytes(32))
        let key = X25519PrivateKey()
        for count in [0, 1, 15, 16, 17, 1_000, 70_000] {
            let plaintext = SecureRandom.bytes(count)
            let sealed = cipher.seal(plaintext, associatedData: [1])
            XCTAssertEqual(sealed.count, count + AES256GCM.overheadByteCount)
            XCTAssertEqual(try cipher.open(sealed, associatedData: [1]), plaintext)
            let box = try SealedBox.seal(plaintext, to: key.publicKey, associatedData: [2])
            XCTAssertEqual(box.count, count + SealedBox.overheadByteCount)
            XCTAssertEqual(try SealedBox.open(box, with: key, associatedData: [2]), plaintext)
        }
    }

    func testAnyChangedByteKeepsABoxShut() throws {
        let cipher = try AES256GCM(key: SecureRandom.bytes(32))
        let key = X25519PrivateKey()
        let plaintext = Array("sk-secret".utf8)
        let sealed = cipher.seal(plaintext, associatedData: [1])
        let box = try SealedBox.seal(plaintext, to: key.publicKey, associatedData: [1])
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 0x40
            XCTAssertThrowsError(try cipher.open(changed, associatedData: [1]))
        }
        for index in box.indices {
            var changed = box
            changed[index] ^= 0x40
            XCTAssertThrowsError(try SealedBox.open(changed, with: key, associatedData: [1]))
        }
        XCTAssertThrowsError(try cipher.open(sealed)) { XCTAssertEqual($0 as? CryptoError, .authenticationFailed) }
        XCTAssertThrowsError(try SealedBox.open(box, with: key)) {
            XCTAssertEqual($0 as? CryptoError, .authenticationFailed)
        }
        XCTAssertThrowsError(try SealedBox.open(box, with: X25519PrivateKey(), associatedData: [1])) {
            XCTAssertEqual($0 as? CryptoError, .authenticationFailed)
        }
        XCTAssertThrowsError(try cipher.open(Array(sealed.prefix(27)))) {
            XCTAssertEqual($0 as? CryptoError, .truncated)
        }
        XCTAssertThrowsError(try SealedBox.open(Array(box.prefix(47)), with: key)) {
            XCTAssertEqual($0 as? CryptoError, .truncated)
        }
    }

    func testTwoBoxesOfOneSecretDiffer() throws {
        let cipher = try AES256GCM(key: SecureRandom.bytes(32))
        XCTAssertNotEqual(cipher.seal([1, 2, 3]), cipher.seal([1, 2, 3]))
        let key = X25519PrivateKey().publicKey
        XCTAssertNotEqual(try SealedBox.seal([1], to: key), try SealedBox.seal([1], to: key))
    }
}

final class RandomTests: XCTestCase {
    func testRandomNumbersDoNotRepeatAcrossBlocks() {
        let random = SecureRandom()
        XCTAssertEqual(Set((0..<1_000).map { _ in random.next() }).count, 1_000)
        XCTAssertEqual(SecureRandom.bytes(33).count, 33)
        XCTAssertEqual(SecureRandom.bytes(0), [])
    }

    func testIdentitiesAreOfVersion7AndSortByTime() {
        let random = SecureRandom()
        let early = random.objectID(unixMilliseconds: 1_735_689_600_000)
        let late = random.objectID(unixMilliseconds: 1_735_689_600_001)
        XCTAssertLessThan(early, late)
        XCTAssertTrue(early.description.hasPrefix("01941f29-7c00-7"))
        XCTAssertEqual(early.low >> 62, 2)
        XCTAssertNotEqual(ObjectID.random(), ObjectID.random())
    }

    func testIdentitiesOfOneMillisecondSortInTheOrderInWhichTheyWereMade() {
        let made = (0..<1_000).map { _ in ObjectID.random(unixMilliseconds: 7_258_118_400_000) }
        XCTAssertEqual(made, made.sorted())
        XCTAssertTrue(made.allSatisfy { $0.description.hasPrefix("0699e991-a800-7") }, "\(made[0])")
    }

    func testIdentitiesOfAnEarlierMillisecondSortToo() {
        let moments: [Int64] = [7_258_118_400_003, 7_258_118_400_001, 7_258_118_400_002]
        var made: [[ObjectID]] = [[], [], []]
        for _ in 0..<100 {
            for (index, moment) in moments.enumerated() { made[index].append(.random(unixMilliseconds: moment)) }
        }
        for identities in made { XCTAssertEqual(identities, identities.sorted()) }
        XCTAssertLessThan(made[1].last!, made[2][0])
        XCTAssertLessThan(made[2].last!, made[0][0])
    }

    func testNoIdentityComesTwiceAndTheTimeStaysWhenAMillisecondIsFull() {
        let made = (0..<10_000).map { _ in ObjectID.random(unixMilliseconds: 7_258_118_400_004) }
        XCTAssertEqual(Set(made).count, made.count)
        XCTAssertEqual(Array(made[..<2_048]), made[..<2_048].sorted())
        XCTAssertTrue(made.allSatisfy { $0.description.hasPrefix("0699e991-a804-7") }, "\(made.last!)")
    }
}

final class TextEncodingTests: XCTestCase {
    // RFC 4648 section 10.
    func testBase64GivesThePublishedTexts() {
        for (plain, text) in [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let bytes = Array(plain.utf8)
            XCTAssertEqual(Base64.encode(bytes), text)
            XCTAssertEqual(Base64.decode(text), bytes)
            let unpadded = text.replacing("=", with: "")
            XCTAssertEqual(Base64URL.encode(bytes), unpadded)
            XCTAssertEqual(Base64URL.decode(unpadded), bytes)
        }
        XCTAssertEqual(Base64.encode([0xfb, 0xff]), "+/8=")
        XCTAssertEqual(Base64URL.encode([0xfb, 0xff]), "-_8")
    }

    func testBase64RefusesWhatIsNotTheOneTextOfAValue() {
        for text in [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=", "====", "Z===", "Zm9v\n", "Zm 9v", "Zm9v====", "Zg==Zg==",
            "-_8=",
            "Zm9vé",
        ] { XCTAssertNil(Base64.decode(text), text) }
        for text in ["Z", "Zg==", "Zh", "+/8", "Zm9vY"] { XCTAssertNil(Base64URL.decode(text), text) }
    }

    func testHexReadsBothCasesAndWritesLower() {
        XCTAssertEqual(Hex.encode([0x00, 0xaf, 0xff]), "00afff")
        XCTAssertEqual(Hex.decode("00AFff"), [0x00, 0xaf, 0xff])
        XCTAssertEqual(Hex.decode(""), [])
        for text in ["0", "0g", "0x00", " 00"] { XCTAssertNil(Hex.decode(text), text) }
    }
}
