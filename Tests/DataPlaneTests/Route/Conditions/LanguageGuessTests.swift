import Shared
import XCTest

@testable import DataPlane

final class LanguageGuessTests: XCTestCase {
    private func guess(_ text: String) -> LanguageGuess.Language? {
        unsafe Array(text.utf8).withUnsafeBytes { unsafe LanguageGuess.language(of: $0) }
    }

    func testPlainSentencesAreRecognized() {
        let sentences: [LanguageGuess.Language: String] = [
            .en: "How do I cancel my order? The package has not arrived and I would like my money back.",
            .de: "Wie kann ich meine Bestellung stornieren? Das Paket ist noch nicht da, und ich warte auf mein Geld.",
            .fr:
                "Comment est-ce que je peux annuler ma commande ? Le colis n'est pas arrivé et je ne suis pas content.",
            .es: "¿Cómo puedo cancelar mi pedido? El paquete no ha llegado y quiero que me devuelvan el dinero.",
            .it: "Come posso annullare il mio ordine? Il pacco non è arrivato e vorrei che mi restituiste i soldi.",
            .pt:
                "Como é que posso cancelar o meu pedido? A encomenda não chegou e eu queria o dinheiro de volta, por favor.",
            .nl: "Hoe kan ik mijn bestelling annuleren? Het pakket is niet aangekomen en ik wil graag mijn geld terug.",
            .pl: "Jak mogę anulować zamówienie? Paczka nie dotarła i chcę odzyskać pieniądze, proszę o pomoc.",
            .sv: "Hur kan jag avbeställa min order? Paketet har inte kommit och jag vill ha pengarna tillbaka.",
            .tr: "Siparişimi nasıl iptal ederim? Paket gelmedi ve bu çok uzun sürdü, ne yapmam lazım?",
            .ru: "Как отменить заказ? Посылка не пришла.", .uk: "Як скасувати замовлення? Її немає, і я чекаю.",
            .el: "Πώς ακυρώνω την παραγγελία μου;", .he: "איך מבטלים הזמנה?", .ar: "كيف ألغي طلبي؟",
            .hi: "मैं अपना ऑर्डर कैसे रद्द करूँ?", .th: "ฉันจะยกเลิกคำสั่งซื้อได้อย่างไร", .zh: "我该如何取消订单？",
            .ja: "注文をキャンセルするにはどうすればいいですか。", .ko: "주문을 어떻게 취소하나요?",
        ]
        XCTAssertEqual(Set(sentences.keys), Set(LanguageGuess.Language.allCases))
        for (language, text) in sentences { XCTAssertEqual(guess(text), language, text) }
    }

    func testWhatIsNoneOrTwoIsNotGuessed() {
        for text in ["", "42", "ok", "print(x)", "Lorem ipsum dolor sit amet", "the der", "????", "\u{1F600}"] {
            XCTAssertNil(guess(text), text)
        }
    }

    func testAFewForeignWordsDoNotDecide() {
        XCTAssertEqual(
            guess("What is the meaning of the Russian word привет in English, and how do you write it?"), .en)
        XCTAssertEqual(guess("请把这个函数改成 async/await，并且解释一下原因 function foo"), .zh)
    }

    /// Whatever bytes come: a cut may end inside a character.
    func testAnyBytesAreTaken() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = unsafe bytes.withUnsafeBytes { unsafe LanguageGuess.language(of: $0) }
        }
    }
}
