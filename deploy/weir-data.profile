# IR level Instrumentation Flag
:ir
$s6Shared10BufferPoolC4giveyySv_SitF
# Func Hash:
844982799177007476
# Num Counters:
4
# Counter Values:
696658
634570
634570
0
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC4takeySvSiF
# Func Hash:
238984482720105921
# Num Counters:
3
# Counter Values:
91109
1098502
1069481
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC8allocateySvSiFZTf4nd_n
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
93700
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC4move33_D3B13E5A4E32F39A273355388B5EAD5ALL2toySi_tF
# Func Hash:
656349717251111912
# Num Counters:
5
# Counter Values:
1160590
62090
62088
2591
2
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
3
513:31748
129:30340
33:2

$s6Shared10ByteBufferC4trim10completelyySb_tF
# Func Hash:
391331299916125692
# Num Counters:
7
# Counter Values:
0
958999
782955
426643
425222
425222
1421
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append11hexadecimalys6UInt64V_tF
# Func Hash:
454381971115151227
# Num Counters:
10
# Counter Values:
146336
146336
73202
73134
70318
0
0
0
0
73188
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append7decimalys6UInt64V_tF
# Func Hash:
753202734142417035
# Num Counters:
7
# Counter Values:
1272568
886955
4537482
0
218436
1196967
5952885
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyyAA8ObjectIDVF
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
354904
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyySays5UInt8VGF
# Func Hash:
700171237495097698
# Num Counters:
3
# Counter Values:
887315
709863
51
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
6
9:354904
3:177452
17:177452
257:51
129:3
65:1

$s6Shared10ByteBufferC7compactyyF
# Func Hash:
948827212462674938
# Num Counters:
8
# Counter Values:
1408
1408
0
1408
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC8makeRoomyySiF
# Func Hash:
99520440936459323
# Num Counters:
10
# Counter Values:
30342
30348
1131433
0
0
0
0
0
0
2591
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
0

$s6Shared10ByteBufferC9DataPlaneE6appendyyAA5MoneyVF
# Func Hash:
157411392164011071
# Num Counters:
13
# Counter Values:
1232308
352088
1056264
0
176044
176044
176044
0
0
0
0
0
528132
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
178665
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCfD
# Func Hash:
1124680652115249575
# Num Counters:
3
# Counter Values:
179236
177598
1167
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11flushInTurnSbyAA0B5ErrorOYKF
# Func Hash:
52047011970029450
# Num Counters:
11
# Counter Values:
0
423814
423814
423814
423814
423814
423814
423814
393474
393474
5
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11setDeadline17afterMillisecondsySi_tF
# Func Hash:
974670607848429573
# Num Counters:
7
# Counter Values:
355049
354904
290
145
145
0
6
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11setDeadlineyyAA13MonotonicTimeVF
# Func Hash:
974670607848429573
# Num Counters:
7
# Counter Values:
810466
810402
128
64
64
0
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF
# Func Hash:
1089701713429097769
# Num Counters:
30
# Counter Values:
0
0
0
0
1
425299
425299
0
455849
0
0
70458
425299
0
70458
0
0
0
0
0
70458
0
70458
146
0
0
0
0
0
455709
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC5readyyys6UInt32VF
# Func Hash:
18663486302395200
# Num Counters:
10
# Counter Values:
425587
425299
425587
0
146
425299
64
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

$s6Shared10ConnectionC7isQuietSbyF
# Func Hash:
647472251207731453
# Num Counters:
13
# Counter Values:
0
177388
177388
177388
177388
0
177388
177388
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC7readNow33_2D9D6228BD983C6F09872573D25A3879LL4intoSiAA10ByteBufferC_tAA0B5ErrorOYKF
# Func Hash:
421769325967912532
# Num Counters:
13
# Counter Values:
140
140
0
0
455563
0
425509
286
425223
140
425223
0
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC7sendNow33_2D9D6228BD983C6F09872573D25A3879LLySiSWAA0B5ErrorOYKF
# Func Hash:
278041624265161508
# Num Counters:
15
# Counter Values:
0
0
0
31749
0
31749
0
0
31749
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC8flushNowSbyAA0B5ErrorOYKF
# Func Hash:
896858936792052494
# Num Counters:
10
# Counter Values:
31748
31748
31748
31748
31748
31748
0
31748
31748
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW
# Func Hash:
543243706643223905
# Num Counters:
4
# Counter Values:
178451
0
178451
178451
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

$s6Shared10ConnectionCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
42073
# Num Bitmap Bytes:
$0

$s6Shared10CurlFieldsC6append33_A67493193253A399497B1C068EDE2B4BLL4line9nameCountySW_SitF
# Func Hash:
873946561143722571
# Num Counters:
54
# Counter Values:
0
0
0
362
9115
40506
0
729
729
729
729
0
362
0
362
0
362
0
362
0
0
0
362
0
362
0
362
362
362
362
0
362
362
362
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10JSONNumberV7integer2asxSgxm_ts17FixedWidthIntegerRzlFs5Int64V_Tt0g5
# Func Hash:
869069516477105963
# Num Counters:
28
# Counter Values:
247
0
0
0
0
0
36
247
0
0
1689
0
0
1689
0
0
0
0
0
0
0
0
0
0
0
0
36
0
# Num Bitmap Bytes:
$0

$s6Shared10JSONObjectV5place33_90EB7E0B979BBAB765A0190D07DF3E5ELL2ofSiSgSS_tF
# Func Hash:
187771965581059281
# Num Counters:
8
# Counter Values:
3740
3345
2904
55
988
55
0
397
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC05beginB016unixMillisecondsys5Int64V_tF
# Func Hash:
950994589949688062
# Num Counters:
10
# Counter Values:
0
177452
177452
177452
13
1
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC5fieldyys12StaticStringV_AA12VirtualKeyIDVtF
# Func Hash:
1001519419110289071
# Num Counters:
32
# Counter Values:
0
1419616
1419616
0
709808
354904
354904
1419616
0
177452
177452
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
709808
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
9:177452

$s6Shared10LineBufferC5fieldyys12StaticStringV_SStF
# Func Hash:
574160708867908034
# Num Counters:
23
# Counter Values:
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
7:177452
0

$s6Shared10LineBufferC5flushyyF
# Func Hash:
538256027862876729
# Num Counters:
14
# Counter Values:
0
2028
0
0
2028
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
0

$s6Shared10LineBufferC6append33_3CC2CC176A381BF61D517339FF6D1878LLyySWF
# Func Hash:
354764059813045001
# Num Counters:
8
# Counter Values:
0
709808
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
3
2:354904
7:177452
17:177452

$s6Shared10LineBufferC6append6digitsys6UInt64V_tF
# Func Hash:
247671765008614654
# Num Counters:
10
# Counter Values:
179064
722370
2331220
0
578600
841016
0
0
0
3750836
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC6append6quotedyAA8ObjectIDV_tF
# Func Hash:
141929912687440435
# Num Counters:
10
# Counter Values:
177452
0
177452
177452
177452
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC6append8escapingySW_tF
# Func Hash:
780432385151123349
# Num Counters:
21
# Counter Values:
0
0
1216064
0
887260
0
887260
0
0
887260
735908
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
4
9:354904
4:177452
17:177452
5:177452

$s6Shared10MappedFileC4zeroyySnySiGF
# Func Hash:
1096621590428046654
# Num Counters:
5
# Counter Values:
1039
1039
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10MappedFileC5zeros33_7151784F3A3F30DF7B6FAF166552D6A1LL_WZ
# Func Hash:
146835646621254984
# Num Counters:
2
# Counter Values:
131071
1
# Num Bitmap Bytes:
$0

$s6Shared10PriceLinesV4cost2of8requestsAA5MoneyVAA10TokenUsageV_s6UInt64VtF
# Func Hash:
1053796550429210225
# Num Counters:
35
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
177452
177452
177452
177452
177452
177452
177452
177452
177452
# Num Bitmap Bytes:
$0

$s6Shared10PriceLinesV9worstCaseyAA5MoneyVAA10UsageBoundVF
# Func Hash:
26069070958282342
# Num Counters:
29
# Counter Values:
177452
177452
0
0
0
0
0
177452
0
0
0
0
0
0
0
177452
177452
177452
177452
177452
177452
177452
177452
177452
177452
177452
177452
177452
177452
# Num Bitmap Bytes:
$0

$s6Shared10PriceSheetV5lines11inputTokens11serviceTierAA0B5LinesVs6UInt32V_AA07ServiceH0OtF
# Func Hash:
5832820426998734
# Num Counters:
9
# Counter Values:
0
0
0
0
0
0
0
0
177452
# Num Bitmap Bytes:
$0

$s6Shared10PriceSheetV9worstCase_12onlyStandardAA5MoneyVAA10UsageBoundV_SbtF
# Func Hash:
271263512082006256
# Num Counters:
14
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
# Num Bitmap Bytes:
$0

$s6Shared10PriceSheetVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
354904
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared10PriceSheetVwcp:354904

$s6Shared10PriceSheetVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
354904
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared10PriceSheetVwxx:354904

$s6Shared10PriceSheetVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s6Shared10PriceSheetVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1468
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwcp:1468

$s6Shared11CurlRequestVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
3303
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwxx:3303

$s6Shared11CurlRequestVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1101
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1101
# Num Bitmap Bytes:
$0

$s6Shared11DurableFileO4read_5limitSays5UInt8VGSS_SitAA0C5ErrorVYKFZ
# Func Hash:
896858935267738513
# Num Counters:
9
# Counter Values:
65535
1
0
0
1
1
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11HTTPHeadersV2of_AcA8HTTPHeadC_AA10ByteBufferCtcfCTf4nnd_n
# Func Hash:
896858935722267246
# Num Counters:
9
# Counter Values:
1463
1463
1463
365
365
0
0
0
733
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV10skipNumber33_4EDAB8B9DBB0914484658ACD81E1932CLLyyAA9JSONErrorVYKF
# Func Hash:
518052719210190414
# Num Counters:
27
# Counter Values:
0
1470801
7826
4660
177452
0
0
0
1219912
0
0
0
0
1223086
1223078
1223078
177452
0
0
177452
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV13skipAnyString33_4EDAB8B9DBB0914484658ACD81E1932CLLSbyAA9JSONErrorVYKF
# Func Hash:
95820316411036414
# Num Counters:
14
# Counter Values:
41308483
532722
0
0
2002771
0
2846
355254
0
0
0
2535493
0
0
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV13skipContainer33_4EDAB8B9DBB0914484658ACD81E1932CLLyyAA9JSONErrorVYKF
# Func Hash:
710806840580710680
# Num Counters:
104
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
429894
0
0
0
0
1469289
0
0
0
0
3360048
429894
4
5
1988448
0
0
3360049
0
0
0
0
0
605639
2327354
0
0
1314084
858066
428185
0
0
1312676
0
0
858066
428185
1
1
497112
0
0
0
0
0
0
426756
781676
0
0
0
781676
0
856658
0
856657
856657
0
854918
0
1469289
854918
0
0
0
0
1469272
0
1469289
1469289
1462112
0
0
1462112
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV5count33_1302C988652980F2DA81B9247589E4DDLL2inAA8JSONKindO4kind_s6UInt64VSg5valuetSW_tAA9JSONErrorVYKF
# Func Hash:
266858651037543977
# Num Counters:
56
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
1242164
0
177452
0
0
0
0
1951972
1951972
709808
0
0
0
0
0
1242164
1242164
0
0
0
0
0
177452
1064712
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
1242164
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV7members5named2in_yAA14JSONFieldNamesV_SWyACz_SiSgtAA9JSONErrorVYKXEtAKYKF074$s6Shared11OpenAIUsageV7details33_1302C988652980F2DA81B9247589E4DDLLyyAA11b7Vz_AA14fg23VSWySi_s6UInt64VtXEtAA9h10VYKFZyAGz_X12SgtAMYKXEfU_Sis0Z0VIgyy_SWTf1nncn_n
# Func Hash:
129676287389182041
# Num Counters:
62
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
354904
0
0
0
0
0
0
0
709808
0
0
0
0
1064712
1064712
0
1064712
532356
1064712
0
1064712
709808
532356
709808
0
0
0
0
354904
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV9skipValueAA8JSONKindOyAA9JSONErrorVYKF
# Func Hash:
250395592636699880
# Num Counters:
34
# Counter Values:
0
0
0
0
0
0
0
0
0
0
1232308
1232308
0
880220
0
176044
0
0
0
704176
0
0
0
0
0
0
0
0
0
528132
528132
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11OpenAIUsageV10normalizedAA10TokenUsageVvg
# Func Hash:
796536983201031095
# Num Counters:
23
# Counter Values:
177452
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZTf4nnd_n
# Func Hash:
36288097643875009
# Num Counters:
113
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
177452
0
177452
0
0
0
0
0
0
0
0
0
0
0
709808
0
0
0
0
887260
887260
0
887260
0
0
354904
887260
887260
0
0
0
887260
0
0
709808
354904
887260
0
0
177452
177452
0
0
0
0
177452
0
177452
177452
177452
177452
0
177452
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11OpenAIUsageV6answeryAC6AnswerVSWAA9JSONErrorVYKFZ
# Func Hash:
1037295720709687922
# Num Counters:
86
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
176044
0
0
0
0
176044
0
0
0
0
0
0
0
176044
0
0
0
1408352
1408352
0
0
0
1408352
176044
1408352
1232308
1408352
352088
0
1408352
1232308
1232308
528132
0
1232308
176044
176044
0
0
0
0
0
0
0
0
0
0
176044
0
0
# Num Bitmap Bytes:
$0

$s6Shared11OpenAIUsageV7details33_1302C988652980F2DA81B9247589E4DDLLyyAA11JSONScannerVz_AA14JSONFieldNamesVSWySi_s6UInt64VtXEtAA9JSONErrorVYKFZyAGz_SiSgtAMYKXEfU_
# Func Hash:
992535894986588646
# Num Counters:
37
# Counter Values:
0
0
0
0
0
0
354904
0
0
0
0
0
354904
709808
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
2
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA:354904
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA:354904

$s6Shared11OpenAIUsageV8scanning2inACSgSW_SnySiGtcfC
# Func Hash:
653247339991611320
# Num Counters:
15
# Counter Values:
0
0
0
1408
0
0
0
0
0
1408
0
1408
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared12CurlTransferC7receive33_0E38B399ADBA6DF5950CB410954CC2E4LL8headLineSiSW_tF
# Func Hash:
234089062186999701
# Num Counters:
23
# Counter Values:
0
0
0
0
365
1828
1828
1828
365
1828
365
365
365
0
0
0
0
365
0
365
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
5
17:729
33:369
2:365
32:363
65:2

$s6Shared12CurlTransferC9configure33_0E38B399ADBA6DF5950CB410954CC2E4LLySbAA0B4EasyC_AA0B7RequestVtFSiSpys4Int8VGSg_S2iSvSgtcfU_To
# Func Hash:
844982797978621669
# Num Counters:
4
# Counter Values:
2193
2193
0
0
# Num Bitmap Bytes:
$0

$s6Shared12HTTPDateTextC6append_2toys5Int64V_AA10ByteBufferCtF
# Func Hash:
952936703056208996
# Num Counters:
5
# Counter Values:
177452
177452
18
177452
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
17:177452

$s6Shared12IntentRecordV12payloadBytesSivg
# Func Hash:
811342520001402735
# Num Counters:
27
# Counter Values:
0
0
0
0
0
0
0
0
0
532356
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
532356
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordV6encode4intoSiSw_tF
# Func Hash:
830346928475628862
# Num Counters:
107
# Counter Values:
354904
0
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
177452
0
0
0
0
0
177452
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:177452
0

$s6Shared12IntentRecordV9requestID23startedUnixMilliseconds012organizationE004teamE0010virtualKeyE005routeE008providerE005modelE005priceE08reserved8endpoint8isStream7endUser5lines8shadowOfAcA06ObjectE0V_s5Int64VA2tA07VirtuallE0VA4tA5MoneyVAA8EndpointOSbSSSayAA15ReservationLineVGATSgtcfC
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1419616
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1419616

$s6Shared12IntentRecordVSgWOi_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
709808
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVwet
# Func Hash:
607699200014702880
# Num Counters:
5
# Counter Values:
354904
354904
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared12SecureRandomC4nexts6UInt64VyF
# Func Hash:
331779887495024804
# Num Counters:
9
# Counter Values:
351
354910
351
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared12SettleRecordV6encode4intoSiSw_tF
# Func Hash:
213967767219701871
# Num Counters:
168
# Counter Values:
177452
354904
0
0
0
0
0
0
0
0
0
0
177452
177452
0
0
0
0
0
0
0
177452
0
0
0
0
0
177452
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:177452
0

$s6Shared12SettleRecordVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s6Shared13HistogramCellC7observeyys6UInt64VF
# Func Hash:
844982798453876794
# Num Counters:
4
# Counter Values:
566548
34192
532356
0
# Num Bitmap Bytes:
$0

$s6Shared13MachineMemoryO10limitBytes4rootSiSS_tFZ
# Func Hash:
351137623943818911
# Num Counters:
77
# Counter Values:
10
3
24573
57
3
3
57
3
8191
67
20
10
2
57
0
67
0
1
0
3
0
3
57
0
0
3
0
0
0
0
1
0
0
8
2
1
0
0
0
9
0
0
9
1
0
0
0
10
0
0
0
0
0
0
0
0
0
0
0
0
0
10
0
0
0
0
0
0
0
0
20
0
3
3
3
3
3
# Num Bitmap Bytes:
$0

$s6Shared13MonotonicTimeV8advanced2byACs8DurationV_tF
# Func Hash:
11922955454311977
# Num Counters:
7
# Counter Values:
0
0
0
0
0
91454
0
# Num Bitmap Bytes:
$0

$s6Shared14ChunkedDecoderV12readOverhead33_EDFA132C68BC1EA8E6F74F6334FC89CDLLyys5UInt8VAA9HTTPErrorOYKF
# Func Hash:
883448532276569472
# Num Counters:
49
# Counter Values:
0
0
1408
0
1408
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1408
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared14ChunkedDecoderV4nextyAC4StepOSWAA9HTTPErrorOYKF
# Func Hash:
461293055217929425
# Num Counters:
30
# Counter Values:
0
530816
1408
74624
76032
74624
152064
0
146350
76032
0
74624
0
0
0
0
76032
0
0
1408
0
74624
0
0
0
0
0
0
0
1408
# Num Bitmap Bytes:
$0

$s6Shared14JSONFieldNamesV13indexOfLength028_FA7D9AC27D49DFBCBE548EAEFF0H3FECLL_2inSiSgSnySiG_SWtF
# Func Hash:
657568767408109133
# Num Counters:
29
# Counter Values:
399916
0
325292
2661780
0
0
1950564
1950564
3060288
0
0
1950564
0
3060288
932272
932272
0
932272
784432
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared14JSONFieldNamesVyACSSd_tcfCTf4nd_n
# Func Hash:
418835474378960820
# Num Counters:
53
# Counter Values:
1625
585
226
0
186
243
243
0
25
9
25
9
25
9
384
34
0
0
0
0
6
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
34
195
412
# Num Bitmap Bytes:
$0

$s6Shared15DescriptorWatchC5readyyys6UInt32VF
# Func Hash:
675064525046553346
# Num Counters:
8
# Counter Values:
360
0
0
1866
1506
0
360
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA:1866

$s6Shared15DescriptorWatchC9ReadinessVIegy_SgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
7773
6684
# Num Bitmap Bytes:
$0

$s6Shared15JSONTreeBuilder33_90EB7E0B979BBAB765A0190D07DF3E5ELLV5valueAA9JSONValueOyAA9JSONErrorVYKF
# Func Hash:
937442760294940717
# Num Counters:
30
# Counter Values:
0
0
0
0
0
4946
670
0
0
418
65
112
1
1
0
0
0
0
8
0
0
670
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared15JSONTreeBuilder33_90EB7E0B979BBAB765A0190D07DF3E5ELLV6stringSSyAA9JSONErrorVYKF
# Func Hash:
596847750195085960
# Num Counters:
16
# Counter Values:
0
1197
2598
0
601
0
967
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared15ObjectContainer33_3BF43D389E7A9987E0D91154C2E57CFFLLV3askyAA9JSONValueOSgxF
# Func Hash:
844982797524240697
# Num Counters:
4
# Counter Values:
1011
859
0
0
# Num Bitmap Bytes:
$0

$s6Shared15ObjectContainer33_3BF43D389E7A9987E0D91154C2E57CFFLLVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1007
# Num Bitmap Bytes:
$0

$s6Shared15ObjectContainer33_3BF43D389E7A9987E0D91154C2E57CFFLLVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1425
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV8scanning2in3forACSW_SnySiGAA14JSONFieldNamesVtAA9JSONErrorVYKcfC
# Func Hash:
146835647075900052
# Num Counters:
2
# Counter Values:
0
252076
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV8scanning2in3forACSW_SnySiGAA14JSONFieldNamesVtAA9JSONErrorVYKcfCTf4nnnd_n
# Func Hash:
106000263243539395
# Num Counters:
84
# Counter Values:
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
252076
0
0
0
0
0
0
0
0
0
0
252076
0
0
0
0
252076
0
0
0
0
0
0
0
0
0
0
1158960
1336412
0
1336412
252076
1084336
1336412
0
1336412
1084336
1084336
935088
0
1084336
0
0
0
0
0
0
252076
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV8scanning2in3forACSW_SnySiGAA14JSONFieldNamesVtAA9JSONErrorVYKcfcyAA11JSONScannerVz_SiSgtAKYKXEfU_
# Func Hash:
439965157304746636
# Num Counters:
45
# Counter Values:
0
0
0
0
0
0
0
0
1336412
0
0
0
0
0
1336412
5632
880220
0
0
1336412
0
785840
475948
1408
252076
0
0
0
475948
1408
176044
0
0
0
0
0
0
0
326700
326700
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared17constantTimeEqualySbSW_SWtF
# Func Hash:
567991003106500559
# Num Counters:
13
# Counter Values:
0
0
0
709228
1595763
0
0
177307
177307
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared18ConfigurationFieldV4KindOWOe
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1668
90
# Num Bitmap Bytes:
$0

$s6Shared18ConfigurationFieldV4KindOWOy
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1158
63
# Num Bitmap Bytes:
$0

$s6Shared18ConfigurationFieldV5wordsySaySSGSSFZTf4nd_n
# Func Hash:
339459657834423708
# Num Counters:
63
# Counter Values:
0
0
0
0
2352
2352
0
0
2162
0
2128
208
20
0
57
204
204
202
199
0
0
3
0
20
0
20
0
0
0
0
68
0
0
0
0
0
190
0
125
0
0
0
0
0
0
0
0
137
0
0
0
94
0
0
0
0
0
0
0
0
0
3
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
6
1
** External Symbol **:2352
0
1
** External Symbol **:224
0
1
** External Symbol **:222
0

$s6Shared18LoopSerialExecutorC7enqueueyys0D3JobVnF
# Func Hash:
45209324660154954
# Num Counters:
15
# Counter Values:
0
4200
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared18LoopSerialExecutorCACScfAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
4113
1
# Num Bitmap Bytes:
$0

$s6Shared18LoopSerialExecutorCScfAAScf7enqueueyys0D3JobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
4200
# Num Bitmap Bytes:
$0

$s6Shared6CRC32CO8checksumys6UInt32VSWFZTf4nd_n
# Func Hash:
238984482966880379
# Num Counters:
3
# Counter Values:
354917
354917
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC12firstPresent33_7AE0FF0CCDAA2990CC7930521E3D2007LLyAA9HTTPFieldVSgAA0K4NameOF
# Func Hash:
287486628416822750
# Num Counters:
5
# Counter Values:
177452
0
177452
0
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC12parseRequest4from12headBytesMaxSbAA10ByteBufferC_SitAA9HTTPErrorOYKF
# Func Hash:
438284564693340388
# Num Counters:
10
# Counter Values:
355049
355049
177452
177452
0
177452
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC12parseRequest_12headBytesMaxSbSW_SitAA9HTTPErrorOYKF
# Func Hash:
644648146473729649
# Num Counters:
43
# Counter Values:
1064715
9404973
1064715
0
0
1064715
441339
177452
0
0
0
0
0
177453
1064715
0
3579384
1064715
0
1064715
0
177453
917602
177453
0
0
177453
0
0
0
177452
0
0
1064715
1064715
354905
0
0
0
0
0
0
1064715
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC12parseVersion33_7AE0FF0CCDAA2990CC7930521E3D2007LL_2at6isLastSiSW_SiSbtAA9HTTPErrorOYKF
# Func Hash:
950994587451811413
# Num Counters:
13
# Counter Values:
0
0
0
355270
355270
355270
0
0
355270
177817
0
177453
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC13parseResponse_12headBytesMax14requestWasHeadSbSW_SiSbtAA9HTTPErrorOYKF
# Func Hash:
975224236841123310
# Num Counters:
46
# Counter Values:
535226
6246200
535226
0
0
0
535226
178236
176409
1408
0
0
0
0
177817
535226
0
896203
535226
0
535226
0
177817
357410
0
1408
0
177817
1408
0
177817
0
0
535226
1408
535226
177817
176409
0
0
0
0
0
0
0
535226
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC15parseStatusLine33_7AE0FF0CCDAA2990CC7930521E3D2007LLySiSWAA9HTTPErrorOYKF
# Func Hash:
477345292250659520
# Num Counters:
21
# Counter Values:
177817
0
355634
0
0
177817
533451
177817
0
0
0
0
177817
177817
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC16parseRequestLine33_7AE0FF0CCDAA2990CC7930521E3D2007LLySiSWAA9HTTPErrorOYKF
# Func Hash:
197471692017856708
# Num Counters:
20
# Counter Values:
532358
3371594
0
177453
0
177453
0
0
0
0
0
0
177453
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC5firstyAA9HTTPFieldVSgAA0D4NameOF
# Func Hash:
1063705162462123496
# Num Counters:
3
# Counter Values:
709808
709808
177452
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC5reset33_7AE0FF0CCDAA2990CC7930521E3D2007LLyyF
# Func Hash:
798733565748405073
# Num Counters:
4
# Counter Values:
355270
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC7findEnd33_7AE0FF0CCDAA2990CC7930521E3D2007LL_12headBytesMax9isRequestSiSgSW_SiSbtAA9HTTPErrorOYKF
# Func Hash:
499501143255255034
# Num Counters:
39
# Counter Values:
0
354904
0
0
354904
0
3911108
3556204
794
428
0
0
366
0
0
366
0
0
366
0
0
0
0
355270
0
0
0
355270
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC9interpret33_7AE0FF0CCDAA2990CC7930521E3D2007LLyyAA13HTTPFieldNameO_SWSnySiGAHtAA9HTTPErrorOYKF
# Func Hash:
264998198782887196
# Num Counters:
66
# Counter Values:
2816
353861
532722
0
177453
0
0
0
0
0
1408
0
353861
1408
353861
0
0
0
0
0
0
353861
0
1408
0
1408
0
1408
0
1408
0
1408
0
1408
0
0
0
0
0
1408
0
1408
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8JSONTextO14endOfPlainText_4fromSiSW_SitFZ
# Func Hash:
536873291581714390
# Num Counters:
4
# Counter Values:
35304068
1419616
1419616
1419616
# Num Bitmap Bytes:
$0

$s6Shared8KeyShardV5MatchV5keyIDAA07VirtualbF0Vvg
# Func Hash:
844982796950093491
# Num Counters:
4
# Counter Values:
354904
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8KeyShardV5MatchV6allows5routeSbAA8ObjectIDV_tF
# Func Hash:
159676626824065788
# Num Counters:
9
# Counter Values:
0
0
177452
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8KeyShardV5MatchV9isExpired13atUnixSecondsSbs5Int64V_tF
# Func Hash:
886271540078755313
# Num Counters:
4
# Counter Values:
177452
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8ObjectIDV9writeText4intoySw_tF
# Func Hash:
1063705161840035144
# Num Counters:
3
# Counter Values:
532504
0
0
# Num Bitmap Bytes:
$0

$s6Shared8SSEEventO8withData2of_xSgSW_xSWXEtlFZ0D5Plane12OutcomeClassOSg_Tt2g503$s9d85Plane5RelayC8hasBegun33_D1570B365338B4AF901897559CD022DALLSbyAA12AttemptErrorOYKFAA12gH10OSgSWXEfU_Tf1nc_n
# Func Hash:
265842481076870437
# Num Counters:
26
# Counter Values:
1408
2816
1408
1408
1408
1408
1408
0
0
0
0
0
1408
0
1408
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared8SSEEventO8withData2of_xSgSW_xSWXEtlFZ0D5Plane15StreamInspectorV7VerdictO_Tt2g503$s9d7Plane15gh13V7inspectyAC7I13OSWFAFSWXEfU_AITf1nc_n
# Func Hash:
265842481076870437
# Num Counters:
26
# Counter Values:
74624
149248
74624
74624
74624
74624
74624
0
0
0
0
0
74624
0
74624
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC3act33_79F84F1BEB3152D297E194321662D382LLyys5Int32V_AGtF
# Func Hash:
93478050032399937
# Num Counters:
7
# Counter Values:
365
365
365
365
365
2231
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_
# Func Hash:
287486626268605789
# Num Counters:
7
# Counter Values:
0
0
1506
360
0
0
360
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC13waitForEvents33_8862E2AA8E69D42B32DB7328A5911912LL4into8capacitySiSpySo11epoll_eventVG_SitF
# Func Hash:
744640999193194059
# Num Counters:
19
# Counter Values:
0
0
0
41629
0
14
454
41162
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC3run33_8862E2AA8E69D42B32DB7328A5911912LLyyF
# Func Hash:
167254888542131064
# Num Counters:
56
# Counter Values:
0
0
0
211808
211808
0
211808
0
211808
211808
0
0
1480
0
0
432651
432651
0
0
0
4200
428451
0
0
6619
0
0
0
1649
6619
0
0
0
85321
43686
0
427598
0
16069
0
413
211808
427611
195739
427610
427610
41636
41630
315
6
6
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
2
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
4
$s6Shared10ConnectionC5readyyys6UInt32VF:425587
$s6Shared15DescriptorWatchC5readyyys6UInt32VF:1866
$s6Shared14ReadinessProbeC5readyyys6UInt32VF:132
$s6Shared8ListenerC5readyyys6UInt32VF:27
2
$s6Shared9LoopTimerC10timerFiredyyF:1354
$s6Shared11LevelSignalC6Waiter33_EA978A5BD64C8569A99FBBC6C89D585DLLC10timerFiredyyF:295
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
0:6619

$s6Shared9EventLoopC4nameACSS_tAA11SystemErrorVYKcfc
# Func Hash:
974670608541197322
# Num Counters:
5
# Counter Values:
1530
0
0
0
6
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC4postyyyyYbcF
# Func Hash:
927205938132837700
# Num Counters:
10
# Counter Values:
0
0
1253
408
408
0
0
0
292
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC6disarmyyAA10TimerEntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
5356
1837
0
1322
0
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC7enqueueyys11ExecutorJobVnF
# Func Hash:
301351148722329744
# Num Counters:
15
# Counter Values:
0
0
5
428447
0
0
5
5
1
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC8sendOwed33_8862E2AA8E69D42B32DB7328A5911912LLyyF
# Func Hash:
250395596323697519
# Num Counters:
29
# Counter Values:
0
0
0
181666
181666
181666
0
181666
181666
0
0
0
0
0
41636
0
0
0
35178
0
0
0
0
0
0
12887
0
181666
168779
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC9takeInbox33_8862E2AA8E69D42B32DB7328A5911912LLyyF
# Func Hash:
69360627417352647
# Num Counters:
14
# Counter Values:
845
5
0
0
41642
5
6
0
408
5
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
@build@/Shared.build/ConfigurationField.swift.o;$sIegh_ytIeghr_TRTA:1253

$s6Shared9EventLoopCACSchAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1330
5
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopCSchAASch7enqueueyys11ExecutorJobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
428452
# Num Bitmap Bytes:
$0

$s6Shared9HTTPBytesO11isAuthority__10mayBeEmptySbSW_SnySiGSbtFZTf4nnnd_nTf4xnn_n
# Func Hash:
920543276762589510
# Num Counters:
19
# Counter Values:
0
0
0
0
177453
0
1774530
1597077
0
177453
0
177453
887265
0
177453
177453
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9HTTPBytesO6methodyAA10HTTPMethodOSW_SnySiGtFZTf4nnd_nTf4xn_n
# Func Hash:
52047012031485726
# Num Counters:
14
# Counter Values:
0
0
0
0
177453
0
1
177452
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9HTTPBytesO7decimalys6UInt64VSgSW_SnySiGtFZTf4nnd_nTf4xn_n
# Func Hash:
52047014490864945
# Num Counters:
10
# Counter Values:
353861
1121952
1121952
353861
353861
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9HTTPBytesO8classifyyAA13HTTPFieldNameOSW_S2itFZTf4nnnd_nTf4xnn_n
# Func Hash:
957968068147630022
# Num Counters:
231
# Counter Values:
1
1773
0
0
0
179226
0
0
0
0
177453
0
0
0
0
1773
0
0
0
0
0
0
356679
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
179226
0
365
0
2
179226
0
0
0
0
0
0
0
1
0
0
179233
177453
0
0
0
1773
0
0
179226
0
0
1773
1773
0
1599936
179226
179226
0
0
0
0
179225
0
0
0
0
0
2816
177453
0
353861
532721
0
710179
177453
0
177453
177452
0
0
0
0
0
356679
0
177453
0
0
0
179226
0
1462
177453
179226
0
0
0
177453
0
0
0
0
177453
177453
0
0
0
0
0
0
0
177453
1773
0
0
0
0
356681
0
0
0
0
177453
0
177452
0
0
177453
0
0
0
0
0
177452
0
0
0
0
1408
0
0
353861
355269
0
0
177452
0
0
0
0
0
0
0
0
0
177453
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177453
0
177453
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
178861
0
1408
# Num Bitmap Bytes:
$0

$s6Shared9JSONEditsV3set_2at2of2toys12StaticStringV_SiAA16JSONObjectFieldsVSays5UInt8VGtF
# Func Hash:
561110089140300665
# Num Counters:
23
# Counter Values:
0
0
0
0
1408
0
1408
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0

$s6Shared9JSONEditsV7replace_4withySnySiG_Says5UInt8VGtF
# Func Hash:
436124198163428156
# Num Counters:
14
# Counter Values:
0
1408
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9JSONFieldV4bool2inSbSgSW_tF
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
177452
177452
# Num Bitmap Bytes:
$0

$s6Shared9LoopActorCACScAAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1122
11
# Num Bitmap Bytes:
$0

$s6Shared9LoopActorCScAAAScA15unownedExecutorScevgTW
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
4107
0
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerC3arm5afterys8DurationV_tF
# Func Hash:
854638109871679912
# Num Counters:
11
# Counter Values:
112
1877
0
1773
0
1885
1773
2
1
0
0
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1854
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1843
# Num Bitmap Bytes:
$0

$s6Shared9PriceTierVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLength_5atEndSiSgSW_SbtF
# Func Hash:
959085193070499304
# Num Counters:
5
# Counter Values:
144942
0
0
70318
70318
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLengthySiSgSWF
# Func Hash:
141929912967925097
# Num Counters:
12
# Counter Values:
76032
76032
0
146350
70318
0
76032
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9SmallFileO4readySays5UInt8VGSSAC9ReadErrorVYKFZTf4nd_n
# Func Hash:
950994589545975562
# Num Counters:
11
# Counter Values:
16383
1
0
0
0
1
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9TimerHeapV6popDue2atAA0B5EntryCSgs6UInt64V_tF
# Func Hash:
896858937656681557
# Num Counters:
9
# Counter Values:
3
0
0
0
0
43279
40805
1649
0
# Num Bitmap Bytes:
$0

$s6Shared9TimerHeapV6removeyyAA0B5EntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
1649
1649
0
837
0
0
# Num Bitmap Bytes:
$0

$s6Shared9TimerHeapV6siftUp33_EA978A5BD64C8569A99FBBC6C89D585DLL4fromySi_tF
# Func Hash:
52047013774686088
# Num Counters:
9
# Counter Values:
7377
3486
6390
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared9TimerHeapV8siftDown33_EA978A5BD64C8569A99FBBC6C89D585DLL4fromySi_tF
# Func Hash:
940266886910925312
# Num Counters:
18
# Counter Values:
3871
3887
2272
0
0
599
1150
0
0
0
0
0
0
0
0
0
0
1592
# Num Bitmap Bytes:
$0

$s9DataPlane0aB13ConfigurationVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1176
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1176

$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF
# Func Hash:
124536587728517144
# Num Counters:
46
# Counter Values:
0
177452
0
0
0
0
177452
0
0
64
0
0
64
177388
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
7
1
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW:64
1
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP03endF0yyFTW:64
1
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW:177452
0
0
0
0

$s9DataPlane10WalletLineVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
709810
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:709810

$s9DataPlane10WalletLineVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
709808
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:709808

$s9DataPlane11AttemptMarkVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1774520
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1774520

$s9DataPlane11AttemptMarkVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
3549040
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:3549040

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC10countUsageyyAA7OutcomeCF
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
177452
0
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC5countyyAA7OutcomeC_s6UInt64VtF
# Func Hash:
1096621591111939908
# Num Counters:
5
# Counter Values:
177452
177452
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6series33_4662C86B38E424A81D8CE5BAE17E7387LLyAC6SeriesAELLCAA13CompiledRouteC_AA0O6TargetCAA0O6PolicyCtF
# Func Hash:
596847748956769270
# Num Counters:
16
# Counter Values:
0
1
0
177451
1
0
177451
0
0
1
1
177451
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12AttemptErrorOSgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1064712
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC10appendBodyyySWF
# Func Hash:
631324381436905588
# Num Counters:
9
# Counter Values:
250586
250586
249178
73134
0
0
0
0
176044
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
3
129:70250
257:1476
9:1408
1
513:176044

$s9DataPlane12ClientStreamC12bodyDeadline33_31DE0A1085D676B3259E176824732603LL3now6Shared13MonotonicTimeVAI_tF
# Func Hash:
515675265264172723
# Num Counters:
7
# Counter Values:
30340
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC13appendBodyEndyyF
# Func Hash:
844982799456634117
# Num Counters:
4
# Counter Values:
1408
1408
0
1408
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC13finishRequestSbyF
# Func Hash:
798733564542891874
# Num Counters:
5
# Counter Values:
177452
177452
177452
177452
177452
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF
# Func Hash:
449664059999023044
# Num Counters:
27
# Counter Values:
30340
0
0
30340
30340
0
0
0
30340
0
0
0
0
0
0
0
30340
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC4bodySWvg
# Func Hash:
287486627791176371
# Num Counters:
6
# Counter Values:
0
0
0
532356
0
532356
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC5flushyyYa6Shared15ConnectionErrorOYKF
# Func Hash:
556960141699934995
# Num Counters:
13
# Counter Values:
1408
0
0
0
0
0
0
0
0
1408
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC7endHead13contentLengthySiSg_tF
# Func Hash:
360539084542188215
# Num Counters:
18
# Counter Values:
0
0
177452
0
0
177452
176044
1408
0
177452
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
2:177452

$s9DataPlane12ClientStreamC8makeRoom33_31DE0A1085D676B3259E176824732603LL4upToySi_tAA10ParseErrorOYKF
# Func Hash:
95820316848761854
# Num Counters:
14
# Counter Values:
0
30340
0
30340
30340
0
0
30340
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC9beginHead6statusySi_tF
# Func Hash:
786516041019828743
# Num Counters:
14
# Counter Values:
0
177452
177452
0
0
0
0
0
0
177452
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
0

$s9DataPlane12ClientStreamC9headBytesSWvg
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
887260
887260
# Num Bitmap Bytes:
$0

$s9DataPlane12UpstreamPoolC7checkInyyAA0C10ConnectionCF
# Func Hash:
844982798143277289
# Num Counters:
4
# Counter Values:
0
177452
177452
5
# Num Bitmap Bytes:
$0

$s9DataPlane12UpstreamPoolC8takeKeptAA0C10ConnectionCSgyF
# Func Hash:
974670604854208165
# Num Counters:
6
# Counter Values:
0
0
0
177452
177388
0
# Num Bitmap Bytes:
$0

$s9DataPlane12UsageShipperC4ship33_42F5A1A68E32C09EE3BB05BAD523F72FLLyyAA10JournalLogCYaF
# Func Hash:
1133868904266390870
# Num Counters:
66
# Counter Values:
355000
354909
354909
10
0
15
762
19
4
0
30
0
317
0
0
10
2
8
15
311
311
0
451
311
311
0
0
246
0
0
0
0
0
311
0
0
0
13
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
2
1
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
3
513:315
65:1
33:1

$s9DataPlane13JournalStreamC4take33_6F0C6CD369DC99F7B42F61A747C4B7D9LLyAA0C8PositionVAC4SlotAELLVF
# Func Hash:
331779891183953478
# Num Counters:
8
# Counter Values:
64
177388
0
1
6
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalStreamC6append_3fory6Shared12SettleRecordV_AA0C8PositionVtF
# Func Hash:
386924801869904235
# Num Counters:
40
# Counter Values:
177452
1064694
177452
177452
3
657
0
1
0
0
3
177449
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
4
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalStreamC6appendyAA0C8PositionV6Shared12IntentRecordVAA0C5ErrorOYKF
# Func Hash:
1029007431783820959
# Num Counters:
30
# Counter Values:
177452
1064688
0
177452
3
407
0
0
4
177448
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalStreamC8makeRoom33_6F0C6CD369DC99F7B42F61A747C4B7D9LL_11settleBytesySi_SitAA0C5ErrorOYKF
# Func Hash:
1094249771508533592
# Num Counters:
20
# Counter Values:
0
177452
0
0
1115
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalWriterV9makeReady33_E25E41C955DD01FA7C0F4AADFC904A3BLLyyAA0C7SegmentCF
# Func Hash:
135188636207344890
# Num Counters:
7
# Counter Values:
1072
1039
1072
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane14JournalSegmentCSgWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

$s9DataPlane14JournalSegmentCSgWOd
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177388
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177388

$s9DataPlane14PromptMeasurerV5count33_B01AF9D9811148218CAA345D5331CF3DLL4upToySi_tF
# Func Hash:
135188634736293999
# Num Counters:
7
# Counter Values:
532356
532356
532356
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane14PromptMeasurerV7measure_8messagesAA0C7MeasureVSW_6Shared9JSONFieldVSgtFZTf4nnd_n
# Func Hash:
734204010087655392
# Num Counters:
270
# Counter Values:
0
0
0
0
177452
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
354904
354904
0
0
0
0
0
0
0
0
0
709808
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
532356
0
0
0
177452
354904
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
354904
709808
1064712
0
0
0
0
0
0
0
354904
0
0
2484328
0
0
0
0
0
0
0
0
0
0
0
354904
354904
0
0
0
709808
0
0
354904
354904
0
0
0
709808
0
354904
0
0
0
354904
0
0
0
0
709808
354904
0
354904
0
354904
0
0
354904
0
0
0
0
0
0
0
0
0
0
0
354904
0
0
0
354904
0
0
0
0
0
0
0
354904
0
0
0
0
0
0
0
354904
0
0
0
0
0
0
0
0
0
354904
354904
0
0
0
0
354904
0
354904
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15AttemptSequenceVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
354904
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:354904

$s9DataPlane15DirectTransportC4pool33_0A411E8CDB85EA52D0C6E637C82F3879LL3forAA12UpstreamPoolCAA14CompiledTargetC_tF
# Func Hash:
421769328116504192
# Num Counters:
12
# Counter Values:
0
1
177451
1
0
1
0
177451
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15InboundEndpointV2ofyAC6Shared8HTTPHeadC_SWtAA10RouteErrorOYKFZTf4nnd_n
# Func Hash:
174684458850706450
# Num Counters:
28
# Counter Values:
0
0
0
0
0
177452
0
0
0
0
0
0
0
177452
0
0
177452
0
177452
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
4
0
0
0
0

$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF
# Func Hash:
556501271303257380
# Num Counters:
33
# Counter Values:
0
0
0
0
176517
0
935
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

$s9DataPlane15UpstreamRequestVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
532356
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:532356

$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF
# Func Hash:
779599873994418274
# Num Counters:
39
# Counter Values:
177452
177452
177452
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
177452
0
0
0
0
0
0
0
0
177452
176044
177452
0
0
1408
0
0
0
0
177452
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKF
# Func Hash:
1085769283386038361
# Num Counters:
17
# Counter Values:
70318
0
0
0
0
0
1408
0
71726
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC6finishyyF
# Func Hash:
694937217446565022
# Num Counters:
7
# Counter Values:
177452
177452
0
177452
177452
177452
177452
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC7readNow4intoSiSg6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
631255616638129387
# Num Counters:
6
# Counter Values:
352088
176044
0
176044
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC7sendNowySbAA0C7RequestVAA13DirectFailureOYKF
# Func Hash:
144948460485316522
# Num Counters:
22
# Counter Values:
177452
0
0
1408
0
177452
0
0
0
1408
1408
176044
1408
177452
0
0
0
30340
147112
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
2
257:147112
513:30340
1
1:1408
1
33:1408

$s9DataPlane18UpstreamConnectionC8takeBody33_0A411E8CDB85EA52D0C6E637C82F3879LL4intoSi6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
423122409776114043
# Num Counters:
33
# Counter Values:
146350
1408
70318
71726
74624
1408
0
0
0
0
74624
0
176044
0
71726
0
0
71726
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
0
1
513:176044
3
129:70400
257:2816
9:1408

$s9DataPlane18UpstreamConnectionC9writeHead33_0A411E8CDB85EA52D0C6E637C82F3879LL2ofyAA0C7RequestV_tF
# Func Hash:
648517717914239121
# Num Counters:
90
# Counter Values:
177452
177452
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
177452
0
0
0
0
0
0
0
0
0
177452
0
0
0
532356
177452
0
0
532356
0
0
0
0
0
0
0
0
532356
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
1
4:177452
1
17:532356
1
9:177452

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
180268
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
0
1408
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC10passEvents33_D1570B365338B4AF901897559CD022DALL5atEndS2b_tAA0C5ErrorOYKF
# Func Hash:
543339052998762140
# Num Counters:
46
# Counter Values:
0
74624
0
0
0
1408
0
1408
0
0
0
0
71726
70318
0
70318
0
70318
1408
0
0
0
1408
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC10passOnHeldySbAA14RequestContextC_AA7OutcomeCtF
# Func Hash:
947895587485691800
# Num Counters:
42
# Counter Values:
176044
0
0
0
0
0
0
0
0
0
0
0
176044
0
0
1232308
176044
0
0
0
176044
176044
176044
0
176044
0
176044
0
0
0
176044
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
4
0
0
0
0

$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF
# Func Hash:
402787124278239092
# Num Counters:
33
# Counter Values:
1408
70318
0
71726
70318
0
0
0
70318
0
0
0
0
0
0
0
0
0
0
0
1408
1408
0
0
1408
0
0
0
0
0
0
1408
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:1408
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:1408

$s9DataPlane5RelayC12passesAtOnce33_D1570B365338B4AF901897559CD022DALLSbvg
# Func Hash:
238984483206370202
# Num Counters:
4
# Counter Values:
176044
176044
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC14markFirstToken33_D1570B365338B4AF901897559CD022DALLyy6Shared13MonotonicTimeV_AA14CompiledTargetCAA7OutcomeCtF
# Func Hash:
567185239224771168
# Num Counters:
5
# Counter Values:
353496
177452
177452
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC5carry4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF
# Func Hash:
376260594444738865
# Num Counters:
7
# Counter Values:
0
0
0
0
0
1408
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

$s9DataPlane5RelayC8hasBegun33_D1570B365338B4AF901897559CD022DALLSbyAA12AttemptErrorOYKF
# Func Hash:
46133823782350739
# Num Counters:
16
# Counter Values:
1408
1408
0
0
0
1408
0
0
1408
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
4
0
0
0
0

$s9DataPlane5RelayCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCyAcA16UpstreamExchange_p_AA12ClientStreamCAA13ParsedRequestCAA17AnswerTranslationCSgtcfcTf4ggggn_n
# Func Hash:
942861518290352085
# Num Counters:
5
# Counter Values:
177452
1408
1408
0
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW:177452
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW:177452

$s9DataPlane6StagesC12authenticateyAA6CallerCAA12ClientStreamC_AA14RequestContextCtAA12GatewayErrorVYKF
# Func Hash:
640704449110197968
# Num Counters:
14
# Counter Values:
0
0
0
0
177452
0
0
0
177452
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC3ask33_2B8590A6208F37C908D3E5B8B38BBE22LL__3for_AC5AskedAELLOAA13ParsedRequestC_AA9RoutePlanCAA6CallerCAA0Q7ContextCtAA12GatewayErrorVYKF
# Func Hash:
974670605327736946
# Num Counters:
6
# Counter Values:
0
935
0
0
176517
0
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC4wait33_2B8590A6208F37C908D3E5B8B38BBE22LL2on__3for__AA9AdmissionVAA8AdmitterC6AnswerOn_AA13ParsedRequestCAA9RoutePlanCAA6CallerCAA12ClientStreamCAA0T7ContextCtYaAA12GatewayErrorVYKF
# Func Hash:
587956091000957591
# Num Counters:
46
# Counter Values:
0
0
1
0
1870
3
0
0
0
0
0
0
0
0
935
0
0
0
935
2
0
0
0
0
0
0
0
0
0
0
0
935
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC5begin33_2B8590A6208F37C908D3E5B8B38BBE22LL___3for_AA9AdmissionVAA4HoldVn_AA13ParsedRequestCAA9RoutePlanCAA6CallerCAA0R7ContextCtAA0O5ErrorOYKF
# Func Hash:
560555359822372010
# Num Counters:
18
# Counter Values:
177452
177452
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC5beginAA14RequestContextCyF
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC5parse_3for_AA13ParsedRequestCSgAA12ClientStreamC_AA6CallerCAA0G7ContextCtYaAA12GatewayErrorVYKF
# Func Hash:
439965159339764204
# Num Counters:
37
# Counter Values:
0
0
0
177452
177452
0
0
0
177452
147112
147112
0
147112
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC5route__3for_AA9RoutePlanCAA13ParsedRequestC_AA12ClientStreamCAA6CallerCAA0I7ContextCtAA12GatewayErrorVYKF
# Func Hash:
499900540205013982
# Num Counters:
52
# Counter Values:
0
0
887260
0
0
0
0
0
177452
0
0
0
0
0
0
0
177452
0
0
0
0
0
177452
0
0
177452
0
177452
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF
# Func Hash:
1028642776134994793
# Num Counters:
32
# Counter Values:
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
1408
0
0
0
0
0
0
176044
0
1408
0
176044
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
0
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:1408

$s9DataPlane6WorkerC5serve33_090471D369B1196B330D0733DBE31F31LL_4from8isSecureys5Int32V_6Shared9IPAddressVSgSbtYaF
# Func Hash:
1117982120233978268
# Num Counters:
19
# Counter Values:
177452
177452
0
177597
0
177597
0
145
0
0
0
0
0
0
0
0
0
145
0
# Num Bitmap Bytes:
$0

$s9DataPlane7JournalC10noteBroken33_CFB43C80168838E48CBA4A15D9DCD04BLLyyF
# Func Hash:
303685788056138390
# Num Counters:
11
# Counter Values:
1049
525
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane7JournalC4keep33_CFB43C80168838E48CBA4A15D9DCD04BLLyyF
# Func Hash:
805684919850502600
# Num Counters:
24
# Counter Values:
0
8
0
1049
0
0
0
0
1033
14
0
525
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
2
8:6
0:2

$s9DataPlane7JournalC6remove33_CFB43C80168838E48CBA4A15D9DCD04BLLyySayAA0C7SegmentCGF
# Func Hash:
1096621591340215602
# Num Counters:
5
# Counter Values:
4
0
0
1053
4
# Num Bitmap Bytes:
$0

$s9DataPlane7JournalC7keepOne33_CFB43C80168838E48CBA4A15D9DCD04BLL2of3forySayAA0C7SegmentCGz_AA0C3LogCtF
# Func Hash:
574091928698405560
# Num Counters:
29
# Counter Values:
0
1049
8
0
0
1
6
7
1
0
0
0
6
6
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane7JournalC7prepare33_CFB43C80168838E48CBA4A15D9DCD04BLL_12withinLimitsyAA0C3LogC_SbtAA0C5ErrorOYKF
# Func Hash:
338375137177811397
# Num Counters:
23
# Counter Values:
1053
10
10
0
3
0
0
0
5
0
0
0
1
3
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOg
# Func Hash:
382993475055910911
# Num Counters:
2
# Counter Values:
2129424
2129424
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2484328
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2484328

$s9DataPlane7OutcomeC6EndingOWOi3_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
176044
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi5_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi6_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1064712
# Num Bitmap Bytes:
$0

$s9DataPlane8AdmitterC2on6walletAC6Shared9EventLoopC_AA6WalletCtcfc
# Func Hash:
798733565333678626
# Num Counters:
4
# Counter Values:
1023
1
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AdmitterC3ask__3for_AC6AnswerOAA13ParsedRequestC_AA9RoutePlanCAA6CallerCAA0H7ContextCtAA14AdmissionErrorOYKF
# Func Hash:
545367244401523829
# Num Counters:
20
# Counter Values:
353034
0
0
177428
1
0
935
0
176517
0
176517
0
0
0
0
25
0
3
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlaneAAC5start10takingOverySb_tYaAA14StartupProblemVYKFyyYbcfU1_TA:24

$s9DataPlane8AdmitterC6gather33_CB235A385A25FD2BD6ABCD2D96BDF4FALL__3for_AA9WorstCaseVAA13ParsedRequestC_AA9RoutePlanCAA6CallerCAA0R7ContextCtAA14AdmissionErrorOYKF
# Func Hash:
637600720291162622
# Num Counters:
69
# Counter Values:
177452
177452
0
354904
354904
177452
0
177452
0
1
0
0
0
0
177452
0
0
0
0
0
0
0
0
871
176581
871
0
0
0
177452
0
177452
0
177452
0
0
0
0
0
0
0
0
0
0
1
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV10appendDate33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA12ClientStreamC_AA14RequestContextCtFZTf4nnd_n
# Func Hash:
798733567630107643
# Num Counters:
4
# Counter Values:
0
177452
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV14appendIdentity33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA14RequestContextC_6Shared7DialectOAI10ByteBufferCtFZTf4nnnd_n
# Func Hash:
747141663816338199
# Num Counters:
11
# Counter Values:
177452
0
177452
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
0

$s9DataPlane8AnswererV16appendAllowances33_919F49B5FB585F7C8378037E4FEB49A5LL_2toyAA14RequestContextC_6Shared10ByteBufferCtFZTf4nnd_n
# Func Hash:
948827212583667158
# Num Counters:
8
# Counter Values:
177452
177452
177452
0
177452
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV16beginRelayedHeadyyAA12ClientStreamC_AA14RequestContextCAA7OutcomeCAA5RelayCtFZTf4nnnnd_n
# Func Hash:
893922860527112813
# Num Counters:
22
# Counter Values:
177452
0
0
0
177452
0
0
177452
177452
177452
0
0
0
0
0
0
177452
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
2
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:177452
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
2
32:176044
65:1408
0

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA10RateFigureV_s12StaticStringV6Shared10ByteBufferCtFZTf4nnnd_n
# Func Hash:
1081505300803221941
# Num Counters:
13
# Counter Values:
177452
0
177452
0
177452
0
177452
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
1
9:177452
1
9:177452
1
9:177452

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA11RateFiguresV_6Shared7DialectOAI10ByteBufferCtFZTf4nnnd_n
# Func Hash:
694937219262780316
# Num Counters:
6
# Counter Values:
0
177452
0
0
177452
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV9writeHeld33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtFTf4nnnnd_n
# Func Hash:
653247340575168943
# Num Counters:
12
# Counter Values:
176044
176044
176044
176044
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF
# Func Hash:
120279366734629773
# Num Counters:
77
# Counter Values:
1408
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
1408
176044
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
176044
176044
0
0
0
0
1408
0
0
0
0
0
176044
0
176044
0
0
0
176044
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
5
0
0
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:176044
0
0

$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF
# Func Hash:
164275779164859348
# Num Counters:
146
# Counter Values:
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1408
0
0
176044
0
0
0
176044
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
177452
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
0
0

$s9DataPlane9RenditionVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
354904
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:354904

$s9DataPlane9RenditionVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
709808
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:709808

$s9DataPlane9WorstCaseV7ProblemOSgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
3740
0
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
529551
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:529551

$sSTsE10allSatisfyyS2b7ElementQzKXEKFSS8UTF8ViewV_Tg5073$s6Shared15MetricsRegistryC6isName_11allowsColonSbSS_SbtFZSbs5UInt8VXEfU_N10Tf3npSi1_nTf1cn_n
# Func Hash:
713764391666183047
# Num Counters:
16
# Counter Values:
252
0
252
41
0
2126
87
0
0
0
0
0
0
2210
2167
1915
# Num Bitmap Bytes:
$0

$sSTsSQ7ElementRpzrlE8containsySbABFSay6Shared14PolicyDocumentV5ModelV4KindOG_Tg5
# Func Hash:
536873289996899879
# Num Counters:
4
# Counter Values:
177452
177452
177452
0
# Num Bitmap Bytes:
$0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared10ConnectionC_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
35178
0
35178
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:35178
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared9HTTPFieldV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
355270
0
354695
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:354695
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_s15CollectionOfOneVyAKGTg5Tf4ngn_n
# Func Hash:
280753529378981772
# Num Counters:
16
# Counter Values:
0
1408
0
0
1408
0
0
0
0
0
0
0
0
0
0
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:1408
0

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SRyAFGTg5
# Func Hash:
594112149724737211
# Num Counters:
15
# Counter Values:
2340
932
0
2340
142
0
0
0
8
0
0
0
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
11
9:1634
33:157
4:130
1:96
17:88
5:61
8:59
16:54
6:53
7:6
3:2

$sSa6remove2atxSi_tFs5Int32V_Tg5
# Func Hash:
700171236550100571
# Num Counters:
3
# Counter Values:
1062
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
12
65:375
33:222
129:175
17:84
64:37
32:29
16:28
9:27
8:26
4:23
0:22
128:14

$sSaySSGSayxGSKsWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1500
12
# Num Bitmap Bytes:
$0

$sScPSgWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1300
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1300

$sScPSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2600
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2600

$sSlsE5first7ElementQzSgvgSS17UnicodeScalarViewV_Tgq5
# Func Hash:
1029578616116113188
# Num Counters:
16
# Counter Values:
2798
0
2798
0
0
0
0
0
0
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$sSlsE5split9maxSplits25omittingEmptySubsequences14whereSeparatorSay11SubSequenceQzGSi_S2b7ElementQzKXEtKFSS_Tg5
# Func Hash:
246513013039143028
# Num Counters:
28
# Counter Values:
0
160
5418
160
160
142
278
0
0
0
2
276
136
0
8
0
0
0
140
174
0
0
0
0
278
278
2
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
4
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA.2:4834
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA:310
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA:302
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA.1:132

$sSlsSQ7ElementRpzrlE10firstIndex2of0C0QzSgAB_tFSS_Tg5
# Func Hash:
591567704000552887
# Num Counters:
6
# Counter Values:
1080
1080
74
74
1070
74
# Num Bitmap Bytes:
$0

$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5
# Func Hash:
431494654108067943
# Num Counters:
3
# Counter Values:
5578
5418
160
# Num Bitmap Bytes:
$0

$ss11InlineArrayV9repeatingAByxq_Gq__tcfC$15__6Shared16JSONObjectFieldsV5PlaceVTt1g5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
252076
# Num Bitmap Bytes:
$0

$ss11_StringGutsV19validateScalarIndexySS0E0VAEF
# Func Hash:
360019387990068195
# Num Counters:
6
# Counter Values:
7692
0
0
0
7692
3774
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
1408
1408
1408
0
0
1408
0
0
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
0
0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFSv_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
786
54
1102
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFSv_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1102
# Num Bitmap Bytes:
$0

$ss32_copyCollectionToContiguousArrayys0dE0Vy7ElementQzGxSlRzlFSW_Tgq5
# Func Hash:
140494398835109188
# Num Counters:
5
# Counter Values:
2498
2498
2498
2498
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
7
65:764
17:724
33:622
4:308
129:70
513:6
257:4

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.36
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.37
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
30340
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:30340

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0.13
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
30340
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC5flushyyYa6Shared15ConnectionErrorOYKF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1408

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLC6ending6withinAD6EndingOs8DurationV_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1870
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF.0.6
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKF.0.3
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
70318
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
73134
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
3
** External Symbol **:70318
** External Symbol **:1408
** External Symbol **:1408

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1408

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1408

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
70318
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC5carry4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1408

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC5carry4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC5parse_3for_AA13ParsedRequestCSgAA12ClientStreamC_AA6CallerCAA0G7ContextCtYaAA12GatewayErrorVYKF.0.8
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
30340
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC5parse_3for_AA13ParsedRequestCSgAA12ClientStreamC_AA6CallerCAA0G7ContextCtYaAA12GatewayErrorVYKF.0.9
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF.0.15
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF.0.16
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6WorkerC5serve33_090471D369B1196B330D0733DBE31F31LL_4from8isSecureys5Int32V_6Shared9IPAddressVSgSbtYaF.0.19
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177597
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6WorkerC5serve33_090471D369B1196B330D0733DBE31F31LL_4from8isSecureys5Int32V_6Shared9IPAddressVSgSbtYaF.0.20
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF.0.12
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF.0.15
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF.0.18
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:177452

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1408
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;__swift_continuation_await_point
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1005
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;objectdestroy
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1252
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;weir_json_structure_count
# Func Hash:
694937221278060868
# Num Counters:
8
# Counter Values:
177452
0
0
0
4967248
1242164
4612344
532356
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;weir_monotonic_ns
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
177452
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
455709
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
5
** External Symbol **:177597
** External Symbol **:177452
** External Symbol **:70318
** External Symbol **:30340
** External Symbol **:2

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
850598
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11LevelSignalC4wait6beyond7timeouts6UInt64VAH_s8DurationVtYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1224
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA
# Func Hash:
238984481002779099
# Num Counters:
3
# Counter Values:
177452
177452
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA
# Func Hash:
536873293052540031
# Num Counters:
4
# Counter Values:
177452
0
177452
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1866
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9LoopTimerC8fireOnce5afterys8DurationV_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1687
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$sIegh_ytIeghr_TRTA
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1253
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
24
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_yyYbcfU_TA.6:935
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12UsageShipperC5startyyFyyYbcfU0_yyYbcfU_TA:249
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10KeeperCallC4makeyyFyyYbcfU_TA:39
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane7JournalC7keepOne33_CFB43C80168838E48CBA4A15D9DCD04BLL2of3forySayAA0C7SegmentCGz_AA0C3LogCtFyyYbcfU0_TA:6
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yyYbcfU_yt_TG5TA:3
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yyYbcfU_Si_TG5TA:2
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane7JournalC7passNowyyFyyYbcfU0_TA:2
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC7prepare8settings7journal6wallet8registry9accessLog8resolver5trust6limits6memory7reportsyAA0aB13ConfigurationV_AA13JournalStreamCAA6WalletC6Shared15MetricsRegistryCs5Int32VSgAA8ResolverCAU16TLSClientContextCAA16ConnectionLimitsCAA12MemoryBudgetCAA12FleetReportsVtFyyYbcfU_TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC4tellyySayACG_yAA10HealthNewsOYbctFyyYbcfU_TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_s6ResultOys6UInt16VAH11SystemErrorVG_Tg5TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yyYbcfU_s6ResultOys6UInt16VAH11SystemErrorVG_TG5TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3useyyAA14CompiledPolicyCFyyYbcfU_TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC4hearyySayAA9TokenNewsVGFyyYbcfU_TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yt_Tg5TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yt_Tg5TA.7:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_Si_Tg5TA.42:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_Si_Tg5TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yt_Tg5TA.16:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA.19:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA.17:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA.15:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA:1

@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA.2
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2417
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;__swift_continuation_await_point
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
427186
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;objectdestroy.9
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1253
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;weir_crc32c
# Func Hash:
536873293414254958
# Num Counters:
3
# Counter Values:
12776612
1419658
354917
# Num Bitmap Bytes:
$0

__swift_allocate_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1710
0
# Num Bitmap Bytes:
$0

__swift_async_resume_get_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
25722180
# Num Bitmap Bytes:
$0

__swift_async_resume_project_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
103240698
# Num Bitmap Bytes:
$0

__swift_instantiateConcreteTypeFromMangledName
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
109073052
21483
# Num Bitmap Bytes:
$0

__swift_memcpy0_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
5644
# Num Bitmap Bytes:
$0

__swift_memcpy1_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
161007
# Num Bitmap Bytes:
$0

_swift_implicitisolationactor_to_executor_cast
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
859892
4352
# Num Bitmap Bytes:
$0

