# IR level Instrumentation Flag
:ir
$s20FoundationEssentials4DataV15_RepresentationOWOe
# Func Hash:
1063705162558100101
# Num Counters:
3
# Counter Values:
1008
0
1008
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC4giveyySv_SitF
# Func Hash:
844982799177007476
# Num Counters:
4
# Counter Values:
1163400
1076316
1075511
0
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC4takeySvSiF
# Func Hash:
238984482720105921
# Num Counters:
3
# Counter Values:
129951
1681501
1638634
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC8allocateySvSiFZTf4nd_n
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
133153
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC4move33_D3B13E5A4E32F39A273355388B5EAD5ALL2toySi_tF
# Func Hash:
656349717251111912
# Num Counters:
5
# Counter Values:
1768585
87086
87084
3202
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
513:48288
129:38796
33:2

$s6Shared10ByteBufferC4trim10completelyySb_tF
# Func Hash:
391331299916125692
# Num Counters:
7
# Counter Values:
0
1587150
1310402
751146
749208
749208
1938
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append11hexadecimalys6UInt64V_tF
# Func Hash:
454381971115151227
# Num Counters:
10
# Counter Values:
199616
199616
99840
99776
95936
0
0
0
0
99840
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append7decimalys6UInt64V_tF
# Func Hash:
753202734142417035
# Num Counters:
7
# Counter Values:
1997108
1393239
7115164
0
334470
1889125
9338759
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyyAA8ObjectIDVF
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
557336
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyySays5UInt8VGF
# Func Hash:
700171237495097698
# Num Counters:
3
# Counter Values:
1393404
1114737
61
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
6
9:557336
3:278668
17:278668
257:61
129:3
65:1

$s6Shared10ByteBufferC7compactyyF
# Func Hash:
948827212462674938
# Num Counters:
8
# Counter Values:
1920
1920
0
1920
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
38798
38804
1723499
0
0
0
0
0
0
3202
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
1937236
553496
1660488
0
276748
276748
276748
0
0
0
0
0
830244
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
279955
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCfD
# Func Hash:
1124680652115249575
# Num Counters:
3
# Counter Values:
280558
278818
1261
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11flushInTurnSbyAA0B5ErrorOYKF
# Func Hash:
52047011970029450
# Num Counters:
11
# Counter Values:
0
643780
643780
643780
643780
643780
643780
643780
604984
604984
5
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11setDeadline17afterMillisecondsySi_tF
# Func Hash:
974670607848429573
# Num Counters:
7
# Counter Values:
557485
557336
298
149
149
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
1257169
1257105
128
64
64
0
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF
# Func Hash:
287486625078578497
# Num Counters:
5
# Counter Values:
0
0
0
1920
1920
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
557474
557667
0
604249
0
0
201
557667
0
201
0
0
0
0
0
201
0
201
150
0
0
0
0
0
604048
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF
# Func Hash:
448268672000951028
# Num Counters:
10
# Counter Values:
7572
7572
0
0
0
0
0
0
7572
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

$s6Shared10ConnectionC5flushyyYaAA0B5ErrorOYKF
# Func Hash:
599005162676345173
# Num Counters:
9
# Counter Values:
7573
7573
7573
7573
7573
0
0
0
7573
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC5readyyys6UInt32VF
# Func Hash:
45352972294364454
# Num Counters:
14
# Counter Values:
94016
654687
653603
654687
0
150
653603
64
559587
0
95936
0
94016
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
$s9DataPlane5RelayC6Shared12ArrivalTakerAadEP05takesE0SbyFTW:95936

$s6Shared10ConnectionC7fillNowSiSgyAA0B5ErrorOYKF
# Func Hash:
391331304109403451
# Num Counters:
6
# Counter Values:
0
191872
95936
0
95936
95936
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC7isQuietSbyF
# Func Hash:
647472251207731453
# Num Counters:
13
# Counter Values:
0
278604
278604
278604
278604
0
278604
278604
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
201
201
0
0
699834
0
653624
351
653466
201
653466
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
55861
0
55861
0
0
55861
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
40716
40716
40716
40716
40716
40716
0
40716
40716
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC8sendSome33_2D9D6228BD983C6F09872573D25A3879LLySiSWYaAA0B5ErrorOYKF
# Func Hash:
650973721475812454
# Num Counters:
8
# Counter Values:
0
0
0
0
0
0
0
15145
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP03endF0yyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1582
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW
# Func Hash:
543243706643223905
# Num Counters:
4
# Counter Values:
280250
0
280250
280250
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
66056
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
390
9815
43562
0
785
785
785
785
0
390
0
390
0
390
0
390
0
0
0
390
0
390
0
390
390
390
390
0
390
390
390
0
0
0
0
0
0
0
0
0
0
0
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
282
0
0
0
0
0
41
282
0
0
1979
0
0
1979
0
0
0
0
0
0
0
0
0
0
0
0
41
0
# Num Bitmap Bytes:
$0

$s6Shared10JSONNumberV7integer2asxSgxm_ts17FixedWidthIntegerRzlFs6UInt64V_Tt0g5
# Func Hash:
869069516477105963
# Num Counters:
28
# Counter Values:
1050
0
0
0
0
0
0
1050
0
0
5766
0
0
5766
0
0
0
0
0
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

$s6Shared10JSONObjectV5place33_90EB7E0B979BBAB765A0190D07DF3E5ELL2ofSiSgSS_tF
# Func Hash:
187771965581059281
# Num Counters:
8
# Counter Values:
4173
3728
3249
55
1091
55
0
447
# Num Bitmap Bytes:
$0

$s6Shared10JSONWriterV6append_2toyx_Says5UInt8VGztSyRzlFZSS_Tt1g5
# Func Hash:
683271492969920445
# Num Counters:
28
# Counter Values:
0
0
1608
0
0
0
0
3225
0
0
0
288
6
0
0
0
0
0
0
0
27
0
0
0
9
1650
3225
0
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC05beginB016unixMillisecondsys5Int64V_tF
# Func Hash:
950994589949688062
# Num Counters:
10
# Counter Values:
0
278668
278668
278668
18
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
2229344
2229344
0
1114672
557336
557336
2229344
0
278668
278668
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1114672
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
9:278668

$s6Shared10LineBufferC5fieldyys12StaticStringV_SStF
# Func Hash:
574160708867908034
# Num Counters:
23
# Counter Values:
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
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
7:278668
0

$s6Shared10LineBufferC5flushyyF
# Func Hash:
538256027862876729
# Num Counters:
14
# Counter Values:
0
3231
0
0
3231
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
1114672
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
2:557336
7:278668
17:278668

$s6Shared10LineBufferC6append6digitsys6UInt64V_tF
# Func Hash:
247671765008614654
# Num Counters:
10
# Counter Values:
280780
1137654
3593822
0
848882
1380462
0
0
0
5823166
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC6append6quotedyAA8ObjectIDV_tF
# Func Hash:
141929912687440435
# Num Counters:
10
# Counter Values:
278668
0
278668
278668
278668
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
2029006
0
1393340
0
1393340
0
0
1393340
1036342
0
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
9:557336
4:278668
17:278668
7:278668

$s6Shared10MappedFileC4zeroyySnySiGF
# Func Hash:
1096621590428046654
# Num Counters:
5
# Counter Values:
1561
1561
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared10MappedFileC5eraseyySSAA0C5ErrorVYKFZ
# Func Hash:
247671766982328952
# Num Counters:
10
# Counter Values:
1152
0
9
0
0
0
9
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
278668
0
0
0
0
0
0
0
0
0
0
0
0
278668
278668
278668
278668
278668
278668
278668
278668
278668
# Num Bitmap Bytes:
$0

$s6Shared10PriceLinesV9worstCaseyAA5MoneyVAA10UsageBoundVF
# Func Hash:
26069070958282342
# Num Counters:
29
# Counter Values:
278668
278668
0
0
0
0
0
278668
0
0
0
0
0
0
0
278668
278668
278668
278668
278668
278668
278668
278668
278668
278668
278668
278668
278668
278668
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
278668
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
278668
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
836004
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared10PriceSheetVwcp:836004

$s6Shared10PriceSheetVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1114672
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared10PriceSheetVwxx:1114672

$s6Shared10PriceSheetVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s6Shared10PriceSheetVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2370
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwcp:2370

$s6Shared11CurlRequestVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
4740
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwxx:4740

$s6Shared11CurlRequestVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1185
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1185
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
1575
1575
1575
393
393
0
0
0
789
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV10skipNumber33_4EDAB8B9DBB0914484658ACD81E1932CLLyyAA9JSONErrorVYKF
# Func Hash:
518052719210190414
# Num Counters:
27
# Counter Values:
0
2262340
10026
5813
278668
0
0
0
1883573
0
0
0
0
1887794
1887786
1887786
278668
0
0
278668
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
150392402
836398
0
0
3097895
0
3880
557709
0
0
0
3934293
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
659490
0
0
0
0
2260288
0
0
0
0
5168556
659490
4
5
3005024
0
0
5168554
0
0
0
0
0
935921
3577010
0
0
2048718
1316723
657251
0
0
2046798
0
0
1316723
657251
1
1
751256
0
0
0
0
0
0
655305
1212657
0
0
0
1212657
0
1314803
0
1314803
1314803
0
1312528
0
2260288
1312528
0
0
0
0
2260266
0
2260288
2260288
2250531
0
0
2250531
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
1950676
0
278668
0
0
0
0
3065348
3065348
1114672
0
0
0
0
0
1950676
1950676
0
0
0
0
0
278668
1672008
0
0
0
0
278668
0
0
0
0
0
0
0
0
0
0
1950676
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
557336
0
0
0
0
0
0
0
1114672
0
0
0
0
1672008
1672008
0
1672008
836004
1672008
0
1672008
1114672
836004
1114672
0
0
0
0
557336
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
1937236
1937236
0
1383740
0
276748
0
0
0
1106992
0
0
0
0
0
0
0
0
0
830244
830244
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11LeaseAnswerV5GrantV10CodingKeys33_D2E6182D0E2E65167462A0E3008537F9LLO11stringValueSSvg
# Func Hash:
896858937035993555
# Num Counters:
13
# Counter Values:
1008
84
84
84
84
84
84
84
84
84
84
84
0
# Num Bitmap Bytes:
$0

$s6Shared11LeaseAnswerV5GrantV10CodingKeys33_D2E6182D0E2E65167462A0E3008537F9LLOs0E3KeyAAsAIP11stringValueSSvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1008
# Num Bitmap Bytes:
$0

$s6Shared11OpenAIUsageV10normalizedAA10TokenUsageVvg
# Func Hash:
796536983201031095
# Num Counters:
23
# Counter Values:
278668
278668
0
0
0
0
0
0
0
0
0
0
0
0
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
278668
278668
0
278668
0
0
0
0
0
0
0
0
0
0
0
1114672
0
0
0
0
1393340
1393340
0
1393340
0
0
557336
1393340
1393340
0
0
0
1393340
0
0
1114672
557336
1393340
0
0
278668
278668
0
0
0
0
278668
0
278668
278668
278668
278668
0
278668
278668
0
0
0
0
0
0
0
0
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
276748
0
0
0
0
276748
0
0
0
0
0
0
0
276748
0
0
0
2213984
2213984
0
0
0
2213984
276748
2213984
1937236
2213984
553496
0
2213984
1937236
1937236
830244
0
1937236
276748
276748
0
0
0
0
0
0
0
0
0
0
276748
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
557336
0
0
0
0
0
557336
1114672
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA:557336
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA:557336

$s6Shared11OpenAIUsageV8scanning2inACSgSW_SnySiGtcfC
# Func Hash:
653247339991611320
# Num Counters:
15
# Counter Values:
0
0
0
1920
0
0
0
0
0
1920
0
1920
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
393
1968
1968
1968
393
1968
393
393
393
0
0
0
0
393
0
393
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
17:785
33:397
2:393
32:391
65:2

$s6Shared12CurlTransferC9configure33_0E38B399ADBA6DF5950CB410954CC2E4LLySbAA0B4EasyC_AA0B7RequestVtFSiSpys4Int8VGSg_S2iSvSgtcfU_To
# Func Hash:
844982797978621669
# Num Counters:
4
# Counter Values:
2361
2361
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
278668
278668
25
278668
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
17:278668

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
836004
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
836004
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordV6encode4intoSiSw_tF
# Func Hash:
830346928475628862
# Num Counters:
107
# Counter Values:
557336
0
0
0
0
0
0
0
0
0
0
278668
0
0
0
0
0
0
278668
0
0
0
0
0
278668
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
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
0:278668
0

$s6Shared12IntentRecordV9requestID23startedUnixMilliseconds012organizationE004teamE0010virtualKeyE005routeE008providerE005modelE005priceE08reserved8endpoint8isStream7endUser5lines8shadowOfAcA06ObjectE0V_s5Int64VA2tA07VirtuallE0VA4tA5MoneyVAA8EndpointOSbSSSayAA15ReservationLineVGATSgtcfC
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOg
# Func Hash:
382993475055910911
# Num Counters:
2
# Counter Values:
557336
557336
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2786680
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2786680

$s6Shared12IntentRecordVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2229344
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOi_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1114672
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVwet
# Func Hash:
607699200014702880
# Num Counters:
5
# Counter Values:
557336
557336
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
549
557342
549
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
278668
557336
0
0
0
0
0
0
0
0
0
0
278668
278668
0
0
0
0
0
0
0
278668
0
0
0
0
0
278668
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
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
0:278668
0

$s6Shared12SettleRecordVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared12SettleRecordVwxx:278668

$s6Shared12SettleRecordVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s6Shared12ValueDecoder33_3BF43D389E7A9987E0D91154C2E57CFFLLCADs0C0AAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1252
2
# Num Bitmap Bytes:
$0

$s6Shared13HistogramCellC7observeyys6UInt64VF
# Func Hash:
844982798453876794
# Num Counters:
4
# Counter Values:
892234
56230
836004
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
140468
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
1920
0
1920
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1920
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
723840
1920
101760
103680
101760
207360
0
199616
103680
0
101760
0
0
0
0
103680
0
0
1920
0
101760
0
0
0
0
0
0
0
1920
# Num Bitmap Bytes:
$0

$s6Shared14JSONFieldNamesV13indexOfLength028_FA7D9AC27D49DFBCBE548EAEFF0H3FECLL_2inSiSgSnySiG_SWtF
# Func Hash:
657568767408109133
# Num Counters:
29
# Counter Values:
582028
0
480268
4180020
0
0
3063428
3063428
4760128
0
0
3063428
0
4760128
1418032
1418032
0
1418032
1216432
0
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
390
0
0
2873
2483
0
390
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
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA:2873

$s6Shared15DescriptorWatchC9ReadinessVIegy_SgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
10974
9795
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
5518
738
0
0
451
75
122
1
1
0
0
0
0
8
0
0
738
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
1315
2848
0
671
0
1065
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
1114
947
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
1110
# Num Bitmap Bytes:
$0

$s6Shared15ObjectContainer33_3BF43D389E7A9987E0D91154C2E57CFFLLVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1561
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV8scanning2in3forACSW_SnySiGAA14JSONFieldNamesVtAA9JSONErrorVYKcfC
# Func Hash:
146835647075900052
# Num Counters:
2
# Counter Values:
0
380428
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
380428
0
0
0
0
0
0
0
0
0
0
380428
0
0
0
0
380428
0
0
0
0
0
0
0
0
0
0
1727152
2005820
0
2005820
380428
1625392
2005820
0
2005820
1625392
1625392
1421872
0
1625392
0
0
0
0
0
0
380428
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
2005820
0
0
0
0
0
2005820
7680
1383740
0
0
2005820
0
1218352
685708
1920
380428
0
0
0
685708
1920
276748
0
0
0
0
0
0
0
482188
482188
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsVSgWOg
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1920
1920
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
836004
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
1114076
2506671
0
0
278519
278519
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
__swift_noop_void_return:2352
0
1
__swift_noop_void_return:224
0
1
__swift_noop_void_return:222
0

$s6Shared18LoopSerialExecutorC7enqueueyys0D3JobVnF
# Func Hash:
45209324660154954
# Num Counters:
15
# Counter Values:
0
3667
0
0
0
0
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
3570
1
# Num Bitmap Bytes:
$0

$s6Shared18LoopSerialExecutorCScfAAScf7enqueueyys0D3JobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3667
# Num Bitmap Bytes:
$0

$s6Shared6CRC32CO8checksumys6UInt32VSWFZTf4nd_n
# Func Hash:
238984482966880379
# Num Counters:
3
# Counter Values:
557352
557352
0
# Num Bitmap Bytes:
$0

$s6Shared8EndpointO9DataPlaneE10makesMediaSbvg
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0

$s6Shared8EndpointO9DataPlaneE9modelKindAA14PolicyDocumentV5ModelV0F0OSgvg
# Func Hash:
331779890349618237
# Num Counters:
14
# Counter Values:
278668
0
0
0
0
278668
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

$s6Shared8HTTPHeadC12firstPresent33_7AE0FF0CCDAA2990CC7930521E3D2007LLyAA9HTTPFieldVSgAA0K4NameOF
# Func Hash:
287486628416822750
# Num Counters:
5
# Counter Values:
278668
0
278668
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
557485
557485
278668
278668
0
278668
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
1672011
14769421
1672011
0
0
1672011
696903
278668
0
0
0
0
0
278669
1672011
0
5619732
1672011
0
1672011
0
278669
1439710
278669
0
0
278669
0
0
0
278668
0
0
1672011
1672011
557337
0
0
0
0
0
0
1672011
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
557730
557730
557730
0
0
557730
279061
0
278669
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC13parseResponse_12headBytesMax14requestWasHeadSbSW_SiSbtAA9HTTPErrorOYKF
# Func Hash:
975224236841123310
# Num Counters:
46
# Counter Values:
839494
9797510
839497
0
0
0
839494
279518
277141
1920
0
0
0
0
279061
839494
0
1404573
839496
0
839494
0
279061
560433
0
1920
0
279061
1920
0
279061
0
0
839494
1920
839495
279061
277141
0
0
0
0
0
0
0
839497
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC15parseStatusLine33_7AE0FF0CCDAA2990CC7930521E3D2007LLySiSWAA9HTTPErrorOYKF
# Func Hash:
477345292250659520
# Num Counters:
21
# Counter Values:
279061
0
558122
0
0
279061
837183
279061
0
0
0
0
279061
279061
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
836006
5294698
0
278669
0
278669
0
0
0
0
0
0
278669
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
1114672
1114672
278668
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC5reset33_7AE0FF0CCDAA2990CC7930521E3D2007LLyyF
# Func Hash:
798733565748405073
# Num Counters:
4
# Counter Values:
557730
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
557336
0
0
557336
0
6139620
5582284
860
466
0
0
394
0
0
394
0
0
394
0
0
0
0
557730
0
0
0
557730
0
0
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
3840
555809
836398
0
278669
0
0
0
0
0
1920
0
555809
1920
555809
0
0
0
0
0
0
555809
0
1920
0
1920
0
1920
0
1920
0
1920
0
1920
0
0
0
0
0
1920
0
1920
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
141067436
2229344
2229344
2229344
# Num Bitmap Bytes:
$0

$s6Shared8KeyShardV5MatchV5keyIDAA07VirtualbF0Vvg
# Func Hash:
844982796950093491
# Num Counters:
4
# Counter Values:
557336
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
278668
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
278668
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
836177
0
0
# Num Bitmap Bytes:
$0

$s6Shared8ObjectIDVyACSgxcSyRzlufCSS_Tt0g5
# Func Hash:
288194926287041241
# Num Counters:
28
# Counter Values:
98
98
98
0
0
3528
3136
0
1148
98
0
98
0
0
0
0
0
0
0
0
0
0
3626
3528
1568
1568
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
1920
3840
1920
1920
1920
1920
1920
0
0
0
0
0
1920
0
1920
0
0
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
101760
203520
101760
101760
101760
101760
101760
0
0
0
0
0
101760
0
101760
0
0
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

$s6Shared9CurlMultiC2onAcA9EventLoopC_tcfcs5Int32VSvSg_A2h2ItcfU0_To
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
1101
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC2onAcA9EventLoopC_tcfcs5Int32VSvSg_SiAItcfU1_To
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
1088
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC3act33_79F84F1BEB3152D297E194321662D382LLyys5Int32V_AGtF
# Func Hash:
93478050032399937
# Num Counters:
7
# Counter Values:
393
393
393
393
393
3266
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
2483
390
0
0
390
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
70151
0
15
521
69615
0
0
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
548561142505392485
# Num Counters:
58
# Counter Values:
0
0
0
290592
290592
290592
290592
0
290592
290592
0
0
1349
0
0
566711
566711
0
0
0
3667
563044
0
0
9081
0
1568
0
0
9081
0
0
0
136338
66182
657851
0
1462
0
24032
276
0
657854
290592
70157
657854
266560
6
6
657854
0
0
70151
489
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
$s6Shared10ConnectionC5readyyys6UInt32VF:654687
$s6Shared15DescriptorWatchC5readyyys6UInt32VF:2873
$s6Shared14ReadinessProbeC5readyyys6UInt32VF:182
$s6Shared8ListenerC5readyyys6UInt32VF:113
2
$s6Shared9LoopTimerC10timerFiredyyF:1029
$s6Shared11LevelSignalC6Waiter33_EA978A5BD64C8569A99FBBC6C89D585DLLC10timerFiredyyF:539
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
0:9081

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
1663
272
272
0
0
0
405
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC6disarmyyAA10TimerEntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
6300
2485
0
1899
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
563039
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
777368106022619206
# Num Counters:
31
# Counter Values:
0
0
314392
314392
314392
314392
0
314392
314392
0
0
0
0
0
71619
0
0
0
56695
0
0
0
0
0
0
17965
0
314392
296427
0
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC9takeInbox33_8862E2AA8E69D42B32DB7328A5911912LLyyF
# Func Hash:
69360627417352647
# Num Counters:
14
# Counter Values:
1391
5
0
0
70163
5
6
0
272
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
@build@/Shared.build/ConfigurationField.swift.o;$sIegh_ytIeghr_TRTA:1663

$s6Shared9EventLoopCACSchAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1375
5
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopCSchAASch7enqueueyys11ExecutorJobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
563044
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
278669
0
2786690
2508021
0
278669
0
278669
1393345
0
278669
278669
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
278669
0
1
278668
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
555809
1767406
1767406
555809
555809
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
2313
0
0
0
280982
0
0
0
0
278669
0
0
0
0
2313
0
0
0
0
0
0
559651
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
280982
0
393
0
2
280982
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
280989
278669
0
0
0
2313
0
0
280982
0
0
2313
2313
0
2511501
280982
280982
0
0
0
0
280981
0
0
0
0
0
3840
278669
0
555809
836397
0
1115071
278669
0
278669
278668
0
0
0
0
0
559651
0
278669
0
0
0
280982
0
1574
278669
280982
0
0
0
278669
0
0
0
0
278669
278669
0
0
0
0
0
0
0
278669
2313
0
0
0
0
559653
0
0
0
0
278669
0
278668
0
0
278669
0
0
0
0
0
278668
0
0
0
0
1920
0
0
555809
557729
0
0
278668
0
0
0
0
0
0
0
0
0
278669
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278669
0
278669
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
280589
0
1920
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
1920
0
1920
0
0
0
0
0
0
0
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
1920
# Num Bitmap Bytes:
$0

$s6Shared9JSONEditsV7replace_4withySnySiG_Says5UInt8VGtF
# Func Hash:
436124198163428156
# Num Counters:
14
# Counter Values:
0
1920
0
0
0
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
278668
278668
# Num Bitmap Bytes:
$0

$s6Shared9JSONFieldV7integeryxSgSW_SnySiGts17FixedWidthIntegerRzlFZs6UInt64V_Tt2g5Tf4xn_n
# Func Hash:
1090300850886316072
# Num Counters:
25
# Counter Values:
0
0
836004
0
0
836004
0
0
278668
0
0
0
0
0
0
0
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

$s6Shared9JSONFieldV7integeryxSgSW_SnySiGts17FixedWidthIntegerRzlFZs6UInt64V_Tt2g5Tf4xn_n
# Func Hash:
1090300853525594538
# Num Counters:
25
# Counter Values:
0
0
836004
0
0
836004
0
0
278668
0
0
0
0
0
0
0
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

$s6Shared9JSONValueOSgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
67130
67130
# Num Bitmap Bytes:
$0

$s6Shared9JSONValueOWOe
# Func Hash:
844982797069585453
# Num Counters:
5
# Counter Values:
499000
288250
31500
53125
124625
# Num Bitmap Bytes:
$0

$s6Shared9JSONValueOWOy
# Func Hash:
844982797069585453
# Num Counters:
5
# Counter Values:
429960
186720
30000
38040
173760
# Num Bitmap Bytes:
$0

$s6Shared9LoopActorCACScAAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1232
11
# Num Bitmap Bytes:
$0

$s6Shared9LoopActorCScAAAScA15unownedExecutorScevgTW
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
3564
0
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerC3arm5afterys8DurationV_tF
# Func Hash:
854638109871679912
# Num Counters:
11
# Counter Values:
107
2567
0
2471
0
2578
2471
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
2030
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2019
# Num Bitmap Bytes:
$0

$s6Shared9PriceTierVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLength_5atEndSiSgSW_SbtF
# Func Hash:
959085193070499304
# Num Counters:
5
# Counter Values:
197696
0
0
95936
95936
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLengthySiSgSWF
# Func Hash:
141929912967925097
# Num Counters:
12
# Counter Values:
103680
103680
0
199616
95936
0
103680
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
4
0
0
0
0
71719
69683
1568
0
# Num Bitmap Bytes:
$0

$s6Shared9TimerHeapV6removeyyAA0B5EntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
1568
1568
0
1113
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
9417
4360
7649
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
4688
4791
3122
0
0
831
1549
0
0
0
0
0
0
0
0
0
0
1922
# Num Bitmap Bytes:
$0

$s9DataPlane0aB13ConfigurationVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1208
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane0aB13ConfigurationVwxx:1208

$s9DataPlane10SettlementO6settleyyAA7OutcomeC_AA14RequestContextCtFZ
# Func Hash:
869069517658106891
# Num Counters:
28
# Counter Values:
0
0
0
0
278668
278668
278668
0
278668
0
278668
0
278668
0
0
278668
0
0
0
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

$s9DataPlane10SettlementO6settleyyAA7OutcomeC_AA14RequestContextCtFZ6$deferL_yyF
# Func Hash:
844982798101332031
# Num Counters:
4
# Counter Values:
0
278668
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10TargetLoadV10firstToken16afterNanoseconds2atys6UInt64V_6Shared13MonotonicTimeVtF
# Func Hash:
93478049765884682
# Num Counters:
7
# Counter Values:
278582
277115
1552
1
85
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF
# Func Hash:
124536587728517144
# Num Counters:
46
# Counter Values:
0
278668
0
0
0
0
278668
0
7572
64
0
0
64
278604
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
0
0
0
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
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW:278668
0
0
0
0

$s9DataPlane10WalletCoreV10leaveQueue33_AB554BA4EF43BF9114B321D473A5C04DLL_4line3nowySi_Sis6UInt64VtFTf4nndn_n
# Func Hash:
1117982117986719545
# Num Counters:
21
# Counter Values:
0
1582
0
1582
0
1582
1554
1554
0
0
0
0
0
0
0
0
0
0
0
0
5
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV10updateBurn33_5B097A68B979026294F0255E67598D9FLL_3nowySi_s6UInt64VtF
# Func Hash:
776814506864153026
# Num Counters:
13
# Counter Values:
1015
350
0
350
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

$s9DataPlane10WalletCoreV11forgetLines33_6F4A5FC6971A0BD9302CF9F9DEFE2183LLyySiF
# Func Hash:
325048436586445221
# Num Counters:
15
# Counter Values:
557336
0
557336
278668
278668
0
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

$s9DataPlane10WalletCoreV11headChanged_3nowySi_s6UInt64VtFTf4ndn_n
# Func Hash:
93478046154675472
# Num Counters:
7
# Counter Values:
1582
1168
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV11makeAskable33_5B097A68B979026294F0255E67598D9FLLyySiF
# Func Hash:
927205941996194500
# Num Counters:
10
# Counter Values:
3251
2649
49
0
1
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV11rateFigures_3nowAA04RateF0VAA6HoldIDV_6Shared13MonotonicTimeVtFTf4ndn_n
# Func Hash:
471512440271180171
# Num Counters:
38
# Counter Values:
278668
0
0
0
0
557336
557336
0
0
0
557336
278668
0
0
0
0
0
0
0
0
0
278668
278668
278668
0
0
0
0
0
0
0
557336
557336
0
0
0
278668
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV12fallbackRoom_3nows5Int64VSi_s6UInt64VtF
# Func Hash:
966527948941470586
# Num Counters:
16
# Counter Values:
130
0
4450
0
130
0
0
0
0
0
0
0
0
130
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV12takeUnleased33_6F4A5FC6971A0BD9302CF9F9DEFE2183LL_7account6ticket3nowSbSi_Sis5Int64Vs6UInt64VtF
# Func Hash:
937442762224375286
# Num Counters:
25
# Counter Values:
1582
0
28
0
0
0
0
0
0
0
0
0
0
0
0
0
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

$s9DataPlane10WalletCoreV13refuseOverdue3nowys6UInt64V_tF
# Func Hash:
653247340242124211
# Num Counters:
13
# Counter Values:
1518
763
53
0
484
69
431
16
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV15accountPosition2of3nowSiSgAA0C4LineV_s6UInt64VtF
# Func Hash:
204980582458217383
# Num Counters:
16
# Counter Values:
0
557336
2
557334
557334
0
0
0
0
0
0
0
0
0
557334
557334
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV15vacantOrNewSlot33_6F4A5FC6971A0BD9302CF9F9DEFE2183LLSiyF
# Func Hash:
287486624829984416
# Num Counters:
5
# Counter Values:
278604
64
1
0
6
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV16immediateRefusal_3nowAA0cF0VSgSi_s6UInt64VtF
# Func Hash:
916244603320821035
# Num Counters:
32
# Counter Values:
0
0
6328
3164
0
0
3164
3164
3164
1646
1646
1582
1582
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1518
1518
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV17queueWhereLacking33_AB554BA4EF43BF9114B321D473A5C04DLL_3nowSbSi_s6UInt64VtF
# Func Hash:
869069518776473571
# Num Counters:
27
# Counter Values:
0
0
0
6072
3036
0
3164
0
3036
3036
3036
1582
1482
1454
1582
28
1582
0
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

$s9DataPlane10WalletCoreV4take_3nowSbSi_s6UInt64VtF
# Func Hash:
435471623038352712
# Num Counters:
52
# Counter Values:
64
0
558982
0
558982
557400
64
557400
280250
280250
557400
0
0
64
0
0
0
278668
0
278732
1662
1582
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
3
0
0
0

$s9DataPlane10WalletCoreV4wait_3nowAA0C7OutcomeOSi_s6UInt64VtF
# Func Hash:
822027455841774074
# Num Counters:
16
# Counter Values:
0
0
0
1518
0
1
0
0
0
0
0
0
0
9
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV5claim_4into3nowAA0C7OutcomeOAA6HoldIDV_Say6Shared15ReservationLineVGzAK13MonotonicTimeVtFTf4nndn_n
# Func Hash:
894595281231234340
# Num Counters:
18
# Counter Values:
0
3036
0
1518
0
0
1518
1518
0
1518
0
1518
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV5serve33_AB554BA4EF43BF9114B321D473A5C04DLL_3nowySi_s6UInt64VtF
# Func Hash:
1098968166327002373
# Num Counters:
57
# Counter Values:
0
0
0
0
4394
0
4330
0
8660
4330
3036
1518
0
4330
0
4330
0
3037
0
4330
4330
4330
4330
1518
64
0
0
1582
1
64
2748
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV5spend33_6F4A5FC6971A0BD9302CF9F9DEFE2183LL__3now6Shared10ChargeLineVSi_s5Int64Vs6UInt64VtF
# Func Hash:
237403896153282117
# Num Counters:
30
# Counter Values:
0
0
0
0
278668
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
3
0
0
0

$s9DataPlane10WalletCoreV6charge_3now7charges6actualyAA6HoldIDV_6Shared13MonotonicTimeVSayAJ10ChargeLineVGzs5Int64VSi_AJ13AllowanceKindOtXEtF03$s9a146Plane8RecorderC6settle33_7CBEC44541ABD4B1DFA261683643789ELL_____12relayedBytes_yAA7OutcomeC_AA9AdmissionVnAA14RequestContextCs6UInt64VA2N6Shared13lm5VtFs5p8VSi_AO13qR7OtXEfU_AA7OutcomeCTf1nnncn_nTf4nnnng_n
# Func Hash:
661518736936635321
# Num Counters:
18
# Counter Values:
557336
0
278668
278668
1
278668
278667
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
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV6vacateyySiF
# Func Hash:
1096621588939639504
# Num Counters:
5
# Counter Values:
278668
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV7enqueue33_AB554BA4EF43BF9114B321D473A5C04DLL_4line3nowySi_Sis6UInt64VtFTf4nndn_n
# Func Hash:
16930840727113272
# Num Counters:
23
# Counter Values:
1554
1554
1582
1582
1554
0
0
28
0
0
0
0
0
0
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

$s9DataPlane10WalletCoreV7reserve_6yields4into3nowAA0C7OutcomeOSayAA0C4LineVG_SbSay6Shared011ReservationJ0VGzAM13MonotonicTimeVtF
# Func Hash:
574091930031253271
# Num Counters:
26
# Counter Values:
278668
278668
554300
0
0
0
0
278668
0
1518
277150
277150
0
0
0
0
0
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

$s9DataPlane10WalletCoreV8freeRest_3nowyAA6HoldIDV_6Shared13MonotonicTimeVtF
# Func Hash:
307694446527680544
# Num Counters:
26
# Counter Values:
2634
557336
0
0
0
278668
278668
1441
278668
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
278668
278668
278668
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV8makeLine33_6F4A5FC6971A0BD9302CF9F9DEFE2183LL_7accounts5Int32VAA0cF0V_SitF
# Func Hash:
596847752106025929
# Num Counters:
15
# Counter Values:
557208
557336
128
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
7
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV9isWaitingySbAA6HoldIDVF
# Func Hash:
844982796950093491
# Num Counters:
4
# Counter Values:
1518
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2748
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletCoreVwcp:2748

$s9DataPlane10WalletCoreVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2748
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletCoreVwxx:2748

$s9DataPlane10WalletCoreVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2748
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2748
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
3344022
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletLineVwcp:3344022

$s9DataPlane10WalletLineVWOc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1114674
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2229344
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletLineVwxx:2229344

$s9DataPlane10WalletLineVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1114672
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1114674
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1672006
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2786680
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane11AttemptMarkVwcp:2786680

$s9DataPlane11AttemptMarkVWOc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
5573360
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane11AttemptMarkVwxx:5573360

$s9DataPlane11AttemptMarkVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1114672
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1114672
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC10countUsageyyAA7OutcomeCF
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
278668
0
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC5countyyAA7OutcomeC_s6UInt64VtF
# Func Hash:
1096621591111939908
# Num Counters:
5
# Counter Values:
278668
278668
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
278667
1
0
278667
0
0
1
1
278667
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
1950676
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC10appendBodyyySWF
# Func Hash:
631324381436905588
# Num Counters:
9
# Counter Values:
378444
378444
376524
99776
0
0
0
0
276748
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
3
129:95872
257:1984
9:1920
1
513:276748

$s9DataPlane12ClientStreamC12bodyDeadline33_31DE0A1085D676B3259E176824732603LL3now6Shared13MonotonicTimeVAI_tF
# Func Hash:
515675265264172723
# Num Counters:
7
# Counter Values:
46561
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
1920
1920
0
1920
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC13finishRequestSbyF
# Func Hash:
798733564542891874
# Num Counters:
5
# Counter Values:
278668
278668
278668
278668
278668
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF
# Func Hash:
449664059999023044
# Num Counters:
27
# Counter Values:
46561
0
0
46368
38796
7572
0
0
46368
0
0
0
0
0
0
0
46368
0
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
836004
0
836004
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC5flushyyYa6Shared15ConnectionErrorOYKF
# Func Hash:
556960141699934995
# Num Counters:
13
# Counter Values:
1920
0
0
0
0
0
0
0
0
1920
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
278668
0
0
278668
276748
1920
0
278668
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
2:278668

$s9DataPlane12ClientStreamC8makeRoom33_31DE0A1085D676B3259E176824732603LL4upToySi_tAA10ParseErrorOYKF
# Func Hash:
95820316848761854
# Num Counters:
14
# Counter Values:
0
46561
0
46368
46368
0
7572
46368
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
278668
278668
0
0
0
0
0
0
278668
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
1393340
1393340
# Num Bitmap Bytes:
$0

$s9DataPlane12MemoryBudgetC4heldSivg
# Func Hash:
52047012304036725
# Num Counters:
9
# Counter Values:
15326
15326
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12OutcomeClassO4ruleAC4RuleVvg
# Func Hash:
560555357083751075
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
278668
0
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
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

$s9DataPlane12TargetHealthC10firstTokenyyAA11AttemptMarkVz_6Shared13MonotonicTimeVtF
# Func Hash:
844982797039838860
# Num Counters:
5
# Counter Values:
278668
278668
278668
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12TargetHealthC3end__16waitMilliseconds_yAA11AttemptMarkV_AA12OutcomeClassOs6UInt64VSg6Shared13MonotonicTimeVtF
# Func Hash:
1134130825116656995
# Num Counters:
18
# Counter Values:
0
278668
0
0
0
0
0
0
0
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

$s9DataPlane12TargetHealthC4tell33_3CD177786A1EE6F1D9FF4E80856822ADLLyyAA7BreakerV6ChangeOSgF
# Func Hash:
811594941239279739
# Num Counters:
3
# Counter Values:
276748
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

$s9DataPlane12TargetHealthC5begin_4withAA11AttemptMarkV6Shared13MonotonicTimeV_AA010CredentialD0CSgtF
# Func Hash:
653247342135948165
# Num Counters:
13
# Counter Values:
278668
0
0
0
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

$s9DataPlane12TargetHealthC5count33_3CD177786A1EE6F1D9FF4E80856822ADLL__16waitMilliseconds_yAA11AttemptMarkV_AA12OutcomeClassOs6UInt64VSg6Shared13MonotonicTimeVtF
# Func Hash:
499244266329568257
# Num Counters:
39
# Counter Values:
0
24
0
1
278668
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
276748
0
15
0
0
0
0
0
0
0
0
0
0
0
0
0
276748
15
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

$s9DataPlane12TargetHealthC7streamsyyAA11AttemptMarkVz_6Shared13MonotonicTimeVtF
# Func Hash:
425917814907642480
# Num Counters:
21
# Counter Values:
1920
4
0
1920
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
0
0
0
0
1920
4
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

$s9DataPlane12UpstreamPoolC7checkInyyAA0C10ConnectionCF
# Func Hash:
844982798143277289
# Num Counters:
4
# Counter Values:
0
278668
278668
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
278668
278604
0
# Num Bitmap Bytes:
$0

$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLC6ending6withinAD6EndingOs8DurationV_tYaF
# Func Hash:
567185242634337123
# Num Counters:
4
# Counter Values:
0
1518
0
1518
# Num Bitmap Bytes:
$0

$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0

$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0

$s9DataPlane13AuthenticatorC23refusesExpiredSnapshotsACSb_tcfc
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

$s9DataPlane13AuthenticatorC6caller33_86A51617F55DC7B823168077C8C7D604LL_2inAA6CallerCSg6Shared12SHA256DigestV_AA14CompiledPolicyCtF
# Func Hash:
1000236971322873851
# Num Counters:
22
# Counter Values:
1024
1
278667
1
1
1
278667
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
278667
278667
278667
278667
# Num Bitmap Bytes:
$0

$s9DataPlane13AuthenticatorC8keyRange33_86A51617F55DC7B823168077C8C7D604LLySnySiGSg6Shared8HTTPHeadC_SWtFZTf4nnd_n
# Func Hash:
782849225994152865
# Num Counters:
25
# Counter Values:
0
0
557336
278668
278668
278668
278668
278668
0
278668
278668
278668
278668
0
0
278668
0
0
278668
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalCursorV4next10recordsMax05bytesG04intoAA0C5BatchVSgSi_Si6Shared10ByteBufferCtF
# Func Hash:
580505211782100511
# Num Counters:
29
# Counter Values:
557591
557341
557341
450
424
302
36
0
338
2
362
92
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
33
33
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
3
513:336
65:1
33:1

$s9DataPlane13JournalStreamC4take33_6F0C6CD369DC99F7B42F61A747C4B7D9LLyAA0C8PositionVAC4SlotAELLVF
# Func Hash:
331779891183953478
# Num Counters:
8
# Counter Values:
64
278604
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
278668
1671984
278668
278668
5
946
0
1
0
0
4
278664
0
0
0
0
0
0
0
0
0
0
0
0
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
278668
1671966
0
278668
4
604
0
0
7
278661
0
0
0
0
0
0
0
0
0
0
0
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
278668
0
0
127
0
278668
0
0
0
0
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
1561
1561
1561
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC12injectsUsageSbvg
# Func Hash:
536873290672102892
# Num Counters:
5
# Counter Values:
1920
1920
278668
1920
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC13isWrittenAnew3forSbAA14CompiledTargetC_tF
# Func Hash:
287486625638178300
# Num Counters:
6
# Counter Values:
557336
557336
0
0
557336
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC3pinAA11ProviderPinVSgvg
# Func Hash:
287486628573240236
# Num Counters:
7
# Counter Values:
278668
0
278668
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane13RequestParserO10readBounds33_66028ECD1FAE26467B540CB9564681A5LLyySW_6Shared16JSONObjectFieldsVAA06ParsedC0CtAA10ParseErrorOYKFZTf4nnnd_n
# Func Hash:
250395592368989039
# Num Counters:
28
# Counter Values:
0
0
0
0
0
278668
0
0
0
0
278668
278668
278668
278668
278668
0
0
0
0
278668
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

$s9DataPlane13RequestParserO13readStreamingyySW_6Shared16JSONObjectFieldsVAA06ParsedC0CtAA10ParseErrorOYKFZTf4nnnd_n
# Func Hash:
894595279860746633
# Num Counters:
16
# Counter Values:
278668
0
0
1920
0
0
278668
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

$s9DataPlane13RequestParserO16readOutputBoundsyySW_6Shared16JSONObjectFieldsVAA06ParsedC0CtAA10ParseErrorOYKFZTf4nnnd_nTf4xnn_n
# Func Hash:
1127386593581186893
# Num Counters:
10
# Counter Values:
557336
278668
278668
278668
278668
0
0
0
0
278668
# Num Bitmap Bytes:
$0

$s9DataPlane13RequestParserO5edits3for_13modelNameJSON11spentTokens6Shared9JSONEditsVAA06ParsedC0C_SWSays5UInt8VGs6UInt64VtFZTf4nnnnd_nTf4nxnn_n
# Func Hash:
1070589993150165172
# Num Counters:
19
# Counter Values:
1920
0
278668
0
0
278668
1920
0
278668
0
0
0
0
0
1920
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13RequestParserO5parse_8endpointAA06ParsedC0CSW_6Shared8EndpointOtAA10ParseErrorOYKFZTf4nnd_n
# Func Hash:
602937559708026348
# Num Counters:
48
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
278668
0
0
0
0
0
0
278668
0
0
0
0
278668
0
0
0
0
0
0
278668
0
0
0
0
0
0
0
0
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

$s9DataPlane13RequestParserO5wholeys6UInt64VSg6Shared9JSONFieldVSg_s12StaticStringVSWtAA10ParseErrorOYKFZTf4nnnd_nTf4nnx_n
# Func Hash:
1031809834435159031
# Num Counters:
8
# Counter Values:
278668
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane14CompiledPolicyC5route5namedAA0C5RouteCSgSW_tF
# Func Hash:
1145723536341573097
# Num Counters:
21
# Counter Values:
1672008
0
1950676
2229344
1950676
1950676
278668
278668
0
278668
278668
278668
278668
278668
278668
278668
0
0
0
0
1950676
# Num Bitmap Bytes:
$0

$s9DataPlane14CompiledTargetC6target_AA14RequestContextC7contexttSgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
282508
1920
# Num Bitmap Bytes:
$0

$s9DataPlane14CompiledTargetC6target_AA14RequestContextC7contexttSgWOy
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
95936
95936
# Num Bitmap Bytes:
$0

$s9DataPlane14JournalSegmentCSgWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

$s9DataPlane14JournalSegmentCSgWOd
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278604
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278604

$s9DataPlane14PromptMeasurerV5count33_B01AF9D9811148218CAA345D5331CF3DLL4upToySi_tF
# Func Hash:
135188634736293999
# Num Counters:
7
# Counter Values:
836004
836004
836004
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
278668
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
557336
557336
0
0
0
0
0
0
0
0
0
1114672
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
836004
0
0
0
278668
557336
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
557336
1114672
1672008
0
0
0
0
0
0
0
557336
0
0
3901352
0
0
0
0
0
0
0
0
0
0
0
557336
557336
0
0
0
1114672
0
0
557336
557336
0
0
0
1114672
0
557336
0
0
0
557336
0
0
0
0
1114672
557336
0
557336
0
557336
0
0
557336
0
0
0
0
0
0
0
0
0
0
0
557336
0
0
0
557336
0
0
0
0
0
0
0
557336
0
0
0
0
0
0
0
557336
0
0
0
0
0
0
0
0
0
557336
557336
0
0
0
0
557336
0
557336
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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

$s9DataPlane14RequestContextCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane14RequestContextCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane14RequestContextCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane15AttemptSequenceVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane15AttemptSequenceVwxx:557336

$s9DataPlane15AttemptSequenceV_5first3pinAcA9RoutePlanC_SiAA11ProviderPinVSgtcfCTf4nnnd_n
# Func Hash:
886271540078755313
# Num Counters:
4
# Counter Values:
278668
0
0
278668
# Num Bitmap Bytes:
$0

$s9DataPlane15AttemptSequenceVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane15DirectTransportC4pool33_0A411E8CDB85EA52D0C6E637C82F3879LL3forAA12UpstreamPoolCAA14CompiledTargetC_tF
# Func Hash:
421769328116504192
# Num Counters:
12
# Counter Values:
0
1
278667
1
0
1
0
278667
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15FieldForwardingO18appendAnswerFields2of_2toy6Shared8HTTPHeadC_SWAG10ByteBufferCtFZTf4nnnd_n
# Func Hash:
784836542882946378
# Num Counters:
43
# Counter Values:
276748
0
278668
0
0
0
0
0
0
0
0
0
0
1920
0
0
0
0
0
0
0
0
0
278668
280588
0
0
0
278668
280588
280588
0
280588
1936
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
17:278668
33:1920

$s9DataPlane15FieldForwardingO6answer2of_AA14UpstreamAnswerV6Shared8HTTPHeadC_SWtFZTf4nnd_n
# Func Hash:
229201172986703112
# Num Counters:
16
# Counter Values:
0
32640
0
278668
0
278668
276748
1920
0
0
0
0
0
0
1920
1920
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
278668
0
0
0
0
0
0
0
278668
0
0
278668
0
278668
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
277150
0
1518
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

$s9DataPlane15StreamInspectorV12isEmptyArray33_7F8D88933D832C47C0CA632DD0B707FELLySbSW_6Shared9JSONFieldVtFZTf4nnd_nTf4xx_n
# Func Hash:
5832817977171735
# Num Counters:
13
# Counter Values:
0
0
0
97920
97920
99840
99840
97920
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15StreamInspectorV7failure4dataAA12OutcomeClassOSgSW_tFZTf4nd_n
# Func Hash:
526279455224132449
# Num Counters:
12
# Counter Values:
1920
1920
0
0
0
1920
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15StreamInspectorV7inspect33_7F8D88933D832C47C0CA632DD0B707FELL4dataAC7VerdictOSW_tF
# Func Hash:
25215335146037202
# Num Counters:
33
# Counter Values:
101760
0
101760
0
0
1920
0
99840
1920
99840
99840
97920
97920
0
1920
0
0
0
1920
0
0
0
0
0
0
1920
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15UpstreamRequestVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
836004
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane15UpstreamRequestVwxx:836004

$s9DataPlane15UpstreamRequestVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF
# Func Hash:
1096621589900846854
# Num Counters:
5
# Counter Values:
0
1920
0
0
1920
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF
# Func Hash:
779599873994418274
# Num Counters:
39
# Counter Values:
278668
278668
278668
0
0
0
0
0
0
0
0
0
0
0
278668
0
0
278668
0
0
0
0
0
0
0
0
278668
276748
278668
0
0
1920
0
0
0
0
278668
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC13prepareToWait7holdingy6Shared10ByteBufferC_tF
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
94016
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKF
# Func Hash:
1085769283956890688
# Num Counters:
17
# Counter Values:
0
0
0
0
0
0
1920
0
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

$s9DataPlane18UpstreamConnectionC6finishyyF
# Func Hash:
694937217446565022
# Num Counters:
7
# Counter Values:
278668
278668
0
278668
278668
278668
278668
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC7readNow4intoSiSg6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
631255616638129387
# Num Counters:
6
# Counter Values:
553496
276748
0
276748
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
271096
0
0
1920
0
278668
0
0
0
1920
1920
276748
1920
271096
0
0
0
38796
232300
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
257:232300
513:38796
1
1:1920
1
33:1920

$s9DataPlane18UpstreamConnectionC8sendRest2ofyAA0C7RequestV_tYaAA13DirectFailureOYKF
# Func Hash:
804816984907733451
# Num Counters:
14
# Counter Values:
0
0
7572
0
0
0
0
0
0
7572
0
0
7572
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC8takeBody33_0A411E8CDB85EA52D0C6E637C82F3879LL4intoSi6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
423122409776114043
# Num Counters:
33
# Counter Values:
199616
1920
95936
97856
101760
1920
0
0
0
0
101760
0
276748
0
97856
0
0
97856
0
0
0
0
0
0
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
513:276748
3
129:96000
257:3840
9:1920

$s9DataPlane18UpstreamConnectionC9writeHead33_0A411E8CDB85EA52D0C6E637C82F3879LL2ofyAA0C7RequestV_tF
# Func Hash:
648517717914239121
# Num Counters:
90
# Counter Values:
278668
278668
0
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
0
278668
0
0
0
0
0
0
0
0
0
278668
0
0
0
836004
278668
0
0
836004
0
0
0
0
0
0
0
0
836004
0
0
0
0
0
0
0
0
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
4:278668
1
17:836004
1
9:278668

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
282508
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
0
1920
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane20ApplicableAllowancesV03keyD033_FED3EA44A1D012A8BCD054FBDD292827LL2of_2inAA03KeyD0AELLC6Shared0O5ShardV5MatchV_AA10TargetTreeCAA14CompiledPolicyCtF
# Func Hash:
84211805122628577
# Num Counters:
21
# Counter Values:
1024
1
278667
1
0
278667
1
0
278667
0
0
0
0
0
0
0
0
278667
278667
278667
278667
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC10passEvents33_D1570B365338B4AF901897559CD022DALL5atEndS2b_tAA0C5ErrorOYKF
# Func Hash:
543339052998762140
# Num Counters:
46
# Counter Values:
0
101760
0
0
0
1920
0
1920
0
0
0
0
97856
95936
0
95936
0
95936
1920
0
0
0
1920
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
276748
0
0
0
0
0
0
0
0
0
0
0
276748
0
0
1937236
276748
0
0
0
276748
276748
276748
0
276748
0
276748
0
0
0
276748
0
0
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
961117027192585989
# Num Counters:
21
# Counter Values:
1920
1920
0
0
0
0
0
0
0
0
0
1920
1920
1920
0
0
0
0
0
1920
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:1920
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:1920

$s9DataPlane5RelayC11passArrived33_D1570B365338B4AF901897559CD022DALL2onAC7PassageAELLOSgAA18UpstreamConnectionC_tAA0C5ErrorOYKF
# Func Hash:
446858649607133840
# Num Counters:
19
# Counter Values:
0
191872
95936
95936
0
95936
191872
97856
0
0
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

$s9DataPlane5RelayC12takesArrivalSbyF
# Func Hash:
844982796974805307
# Num Counters:
4
# Counter Values:
95936
0
1920
94016
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC14markFirstToken33_D1570B365338B4AF901897559CD022DALLyy6Shared13MonotonicTimeV_AA14CompiledTargetCAA7OutcomeCtF
# Func Hash:
567185239224771168
# Num Counters:
5
# Counter Values:
555416
278668
278668
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC4pass33_D1570B365338B4AF901897559CD022DALL5atEndAC7PassageAELLOSgSb_tAA0C5ErrorOYKF
# Func Hash:
1094249771824692054
# Num Counters:
20
# Counter Values:
95936
0
97856
0
0
95936
0
95936
0
95936
0
95936
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

$s9DataPlane5RelayC5begin5began6target_y6Shared13MonotonicTimeV_AA14CompiledTargetCAA7OutcomeCtYaAA12AttemptErrorOYKF
# Func Hash:
1055156040246368282
# Num Counters:
36
# Counter Values:
0
0
1920
0
0
1920
0
278668
0
0
0
276748
276748
0
276748
0
0
0
0
0
0
1920
276748
0
0
0
276748
0
276748
0
0
0
276748
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
3
0
0
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:276748

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
1920
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

$s9DataPlane5RelayC6Shared12ArrivalTakerAadEP05takesE0SbyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
95936
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC8hasBegun33_D1570B365338B4AF901897559CD022DALLSbyAA12AttemptErrorOYKF
# Func Hash:
46133823782350739
# Num Counters:
16
# Counter Values:
1920
1920
0
0
0
1920
0
0
1920
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

$s9DataPlane5RelayC8passNext33_D1570B365338B4AF901897559CD022DALLAC7PassageAELLOSgyYaAA0C5ErrorOYKF
# Func Hash:
5832820890262040
# Num Counters:
10
# Counter Values:
1920
1920
0
0
0
0
0
0
0
1920
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCyAcA16UpstreamExchange_p_AA12ClientStreamCAA13ParsedRequestCAA17AnswerTranslationCSgtcfcTf4ggggn_n
# Func Hash:
942861518290352085
# Num Counters:
5
# Counter Values:
278668
1920
1920
0
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW:278668
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW:278668

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
278668
0
0
0
278668
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
1518
0
0
277150
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
3036
5
0
0
0
0
0
0
0
0
1518
0
0
0
1518
0
0
0
0
0
0
0
0
0
0
0
0
1518
0
0
0
0
0
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
278668
278668
0
0
0
0
0
278668
0
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
278668
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
278668
278668
0
0
0
278668
232300
232300
0
232300
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
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
1950676
0
0
0
0
0
278668
0
0
0
0
0
0
0
278668
0
0
0
0
0
278668
0
0
278668
0
278668
0
0
0
0
0
0
0
278668
0
0
0
0
0
0
0
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
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
1920
0
0
0
0
0
0
276748
0
1920
0
276748
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
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:1920

$s9DataPlane6WalletC4free_3nowyAA11ReservationVn_6Shared13MonotonicTimeVtF
# Func Hash:
651056900308694789
# Num Counters:
8
# Counter Values:
0
1213
0
1
0
277455
13
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
@build@/DataPlane.build/BodyUpload.swift.o;$sIegh_ytIeghr_TRTA:1213

$s9DataPlane6WalletC5State030_1DF1962F355D8FB6FEA59D00E1A69G1ELLV9takeWokenSayyyYbcGyF
# Func Hash:
650973723263078390
# Num Counters:
8
# Counter Values:
0
1518
1227
557862
1227
0
0
58
# Num Bitmap Bytes:
$0

$s9DataPlane6WorkerC5serve33_090471D369B1196B330D0733DBE31F31LL_4from8isSecureys5Int32V_6Shared9IPAddressVSgSbtYaF
# Func Hash:
1117982120233978268
# Num Counters:
19
# Counter Values:
278668
278668
0
278817
0
278817
0
149
0
0
0
0
0
0
0
0
0
149
0
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOe
# Func Hash:
1124680649989012514
# Num Counters:
4
# Counter Values:
557336
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
5016024
5016024
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
4458688
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane7OutcomeC6EndingOwxx:4458688

$s9DataPlane7OutcomeC6EndingOWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi3_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
276748
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi5_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi6_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1672008
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6ending4kind6statusA2C6EndingO_6Shared07RequestC0OSitcfc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
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
554300
0
0
278635
1
0
1518
0
277150
0
277150
0
0
0
0
44
0
2
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
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlaneAAC5start10takingOverySb_tYaAA14StartupProblemVYKFyyYbcfU1_TA:33

$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKF
# Func Hash:
974752427479768564
# Num Counters:
10
# Counter Values:
6
1518
0
1518
0
0
0
0
0
1518
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW:1518
1
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP03endF0yyFTW:1518

$s9DataPlane8AdmitterC6gather33_CB235A385A25FD2BD6ABCD2D96BDF4FALL__3for_AA9WorstCaseVAA13ParsedRequestC_AA9RoutePlanCAA6CallerCAA0R7ContextCtAA14AdmissionErrorOYKF
# Func Hash:
637600720291162622
# Num Counters:
69
# Counter Values:
278668
278668
0
557336
557336
278668
0
278668
0
1
0
0
0
0
278668
0
0
0
0
0
0
0
0
1428
277240
1428
0
0
0
278668
0
278668
0
278668
0
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
278668
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV10appendDate33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA12ClientStreamC_AA14RequestContextCtFZTf4nnd_n
# Func Hash:
798733567630107643
# Num Counters:
4
# Counter Values:
0
278668
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
278668
0
278668
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
278668
278668
278668
0
278668
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
278668
0
0
0
278668
0
0
278668
278668
278668
0
0
0
0
0
0
278668
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
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:278668
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
2
32:276748
65:1920
0

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA10RateFigureV_s12StaticStringV6Shared10ByteBufferCtFZTf4nnnd_n
# Func Hash:
1081505300803221941
# Num Counters:
13
# Counter Values:
278668
0
278668
0
278668
0
278668
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
9:278668
1
9:278668
1
9:278668

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA11RateFiguresV_6Shared7DialectOAI10ByteBufferCtFZTf4nnnd_n
# Func Hash:
694937219262780316
# Num Counters:
6
# Counter Values:
0
278668
0
0
278668
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV9writeHeld33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtFTf4nnnnd_n
# Func Hash:
653247340575168943
# Num Counters:
12
# Counter Values:
276748
276748
276748
276748
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

$s9DataPlane8RecorderC11writeEnding33_7CBEC44541ABD4B1DFA261683643789ELL2of_2toyAA7OutcomeC_AA14RequestContextC6Shared10LineBufferCtFTf4nnnd_n
# Func Hash:
455524315874412942
# Num Counters:
73
# Counter Values:
0
278668
278668
278668
278668
278668
278668
278668
278668
0
278668
0
0
278668
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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

$s9DataPlane8RecorderC5write33_7CBEC44541ABD4B1DFA261683643789ELL_____2toyAA7OutcomeC_AA12ClientStreamCAA14RequestContextCs6UInt64VAN6Shared10LineBufferCtFTf4nnnnnnd_n
# Func Hash:
559320422515605123
# Num Counters:
82
# Counter Values:
0
278668
278668
278668
278668
0
278668
278668
278668
0
3055
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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

$s9DataPlane8RecorderC6record____3nowyAA7OutcomeC_AA9AdmissionVSgnAA12ClientStreamCAA14RequestContextC6Shared13MonotonicTimeVtF
# Func Hash:
921505474103456453
# Num Counters:
32
# Counter Values:
0
0
0
0
278668
278668
0
278668
278668
278668
0
0
278667
1
278668
278668
278668
0
0
1
0
278668
0
0
0
20
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

$s9DataPlane8ShownKeyV6digesty6Shared12SHA256DigestVSW_AE0G0CtF
# Func Hash:
391331300759277088
# Num Counters:
6
# Counter Values:
278519
149
149
0
149
278519
# Num Bitmap Bytes:
$0

$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF
# Func Hash:
288615620054258017
# Num Counters:
56
# Counter Values:
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
0
0
0
0
0
0
0
0
276748
0
0
0
0
0
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
278668
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
278668
0
0
0
0
0
0
0
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1920
0
0
276748
0
0
0
276748
0
0
0
0
0
0
0
0
0
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
0
0
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

$s9DataPlane9RenditionV2of_3for4with_AcA13ParsedRequestC_SWAA14CompiledTargetCAA0I10CredentialCAA0H7ContextCtAA12AttemptErrorOYKcfCTf4nnnnnd_n
# Func Hash:
996388178718716360
# Num Counters:
37
# Counter Values:
0
0
0
278668
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
278668
0
0
0
0
0
0
278668
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane9RenditionVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9RenditionVwcp:557336

$s9DataPlane9RenditionVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1114672
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9RenditionVwxx:1114672

$s9DataPlane9RenditionVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

$s9DataPlane9RenditionVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
557336
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseV2of_20routeOutputTokensMax14nowUnixSecondsAcA13ParsedRequestC_AA9RoutePlanCs6UInt64VSgs5Int64VtcfCTf4nnnnd_n
# Func Hash:
838107927586551955
# Num Counters:
24
# Counter Values:
278668
0
278668
0
278668
278668
278668
278668
0
0
278668
278668
278668
0
0
0
0
0
0
278668
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseV5bound33_94314E6025F6D5825055771F8C862FCELL2of2by6Shared10UsageBoundVAA13ParsedRequestC_AA14CompiledTargetCtF
# Func Hash:
18969478659159981
# Num Counters:
39
# Counter Values:
278668
0
0
0
0
0
0
278668
0
278668
0
0
0
278668
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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

$s9DataPlane9WorstCaseV7ProblemOSgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
10626
0
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1108600
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9WorstCaseVwxx:1108600

$s9DataPlane9WorstCaseVwxx
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
277150
0
# Num Bitmap Bytes:
$0

$s9Translate12ConversationVSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

$s9Translate12ConversationVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
836004
# Num Bitmap Bytes:
$0

$s9Translate12ConversationVwet
# Func Hash:
607699200014702880
# Num Counters:
5
# Counter Values:
278668
278668
0
0
0
# Num Bitmap Bytes:
$0

$sIegh_ytIeghr_TR
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_TA:1518

$sS2iSzsWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1001
13
# Num Bitmap Bytes:
$0

$sSD17dictionaryLiteralSDyxq_Gx_q_td_tcfCSS_SiTt0g5Tf4g_n
# Func Hash:
391331300515330044
# Num Counters:
6
# Counter Values:
0
2706
0
0
0
0
# Num Bitmap Bytes:
$0

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

$sSTsSQ7ElementRpzrlE13elementsEqualySbqd__STRd__AAQyd__ABRSlFSW_SS8UTF8ViewVTg5
# Func Hash:
321389204350006118
# Num Counters:
17
# Counter Values:
34560
40320
34560
34560
0
0
5760
5760
0
0
0
0
0
0
0
34560
34560
# Num Bitmap Bytes:
$0

$sSTsSQ7ElementRpzrlE13elementsEqualySbqd__STRd__AAQyd__ABRSlFSW_Says5UInt8VGTg5
# Func Hash:
1031809833016029261
# Num Counters:
8
# Counter Values:
2508012
2786680
2508012
2508012
278668
278668
0
2508012
# Num Bitmap Bytes:
$0

$sSTsSQ7ElementRpzrlE8containsySbABFSay6Shared14PolicyDocumentV5ModelV4KindOG_Tg5
# Func Hash:
536873289996899879
# Num Counters:
4
# Counter Values:
278668
278668
278668
0
# Num Bitmap Bytes:
$0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared10ChargeLineV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
557334
0
278667
0
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
0:278667
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared10ConnectionC_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
56695
0
56695
0
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
0:56695
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared15ReservationLineV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
278668
0
0
0
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
0
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared9HTTPFieldV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
557730
0
557123
0
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
0:557123
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_s15CollectionOfOneVyAKGTg5Tf4ngn_n
# Func Hash:
280753529378981772
# Num Counters:
16
# Counter Values:
0
1920
0
0
1920
0
0
0
0
0
0
0
0
0
0
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:1920
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF9DataPlane10WalletLineV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
277240
0
277240
0
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
0:277240
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF9DataPlane19ApplicableAllowanceV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
277240
0
277240
0
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
0:277240
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF9DataPlane6HoldIDV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
1243
0
1243
0
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
0:1243
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lFs5Int32V_s15CollectionOfOneVyAGGTg5
# Func Hash:
236790042695336059
# Num Counters:
16
# Counter Values:
1582
12
1580
0
1582
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
1582
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:1582
0

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lF9DataPlane19ApplicableAllowanceV_SayAGGTg5
# Func Hash:
747141664563648086
# Num Counters:
9
# Counter Values:
278668
1
278667
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
256:278668

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SRyAFGTg5
# Func Hash:
594112149724737211
# Num Counters:
15
# Counter Values:
3027
1107
0
3027
171
0
0
0
12
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
9:2191
33:187
4:150
1:111
17:103
5:81
8:69
16:64
6:63
7:6
3:2

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SayAFGTg5
# Func Hash:
747141664563648086
# Num Counters:
9
# Counter Values:
4007
1755
4960
959
1749
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
7
2:1920
17:1920
4:158
1:6
33:1
5:1
257:1

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SayAFGTg5
# Func Hash:
747141665297533663
# Num Counters:
9
# Counter Values:
8014
3510
9920
1918
3498
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
7
2:3840
17:3840
4:316
1:12
5:2
33:2
257:2

$sSa6remove2atxSi_tFs5Int32V_Tg5
# Func Hash:
700171236550100571
# Num Counters:
3
# Counter Values:
1582
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
65:532
129:442
33:254
17:106
64:37
128:35
32:35
16:29
4:29
9:28
0:28
8:27

$sSaySSGSayxGSKsWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
2875
23
# Num Bitmap Bytes:
$0

$sScPSgWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1345
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1345

$sScPSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2690
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2690

$sSh8_VariantV6insertySb8inserted_x17memberAfterInserttxnFSS_Tg5
# Func Hash:
11922953061666105
# Num Counters:
5
# Counter Values:
730
1171
4
0
26
# Num Bitmap Bytes:
$0

$sSh8_VariantV6insertySb8inserted_x17memberAfterInserttxnFSS_Tg5
# Func Hash:
11922954720716284
# Num Counters:
5
# Counter Values:
1460
2342
8
0
52
# Num Bitmap Bytes:
$0

$sSlsE5first7ElementQzSgvgSS17UnicodeScalarViewV_Tgq5
# Func Hash:
1029578616116113188
# Num Counters:
16
# Counter Values:
5596
0
5596
0
0
0
0
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
240
8127
240
240
213
417
0
0
0
3
414
204
0
12
0
0
0
210
261
0
0
0
0
417
417
3
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
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA.2:7251
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA:465
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA:453
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA.1:198

$sSlsSQ7ElementRpzrlE10firstIndex2of0C0QzSgAB_tFSS_Tg5
# Func Hash:
591567704000552887
# Num Counters:
6
# Counter Values:
2256
2256
160
160
2208
160
# Num Bitmap Bytes:
$0

$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5
# Func Hash:
431494654108067943
# Num Counters:
3
# Counter Values:
8367
8127
240
# Num Bitmap Bytes:
$0

$sSmsSKRzrlE7popLast7ElementSTQzSgyFSays5Int32VG_Tg5
# Func Hash:
844982796012406485
# Num Counters:
4
# Counter Values:
282274
3037
0
0
# Num Bitmap Bytes:
$0

$sSmsSKRzrlE7popLast7ElementSTQzSgyFSays6UInt32VG_Tg5
# Func Hash:
844982796012406485
# Num Counters:
4
# Counter Values:
278668
278604
0
0
# Num Bitmap Bytes:
$0

$ss10_NativeSetV6resize8capacityySi_tFSS_Tg5
# Func Hash:
1055036166725834753
# Num Counters:
15
# Counter Values:
0
2
0
1332
2
0
0
0
422
0
0
422
2
2
2
# Num Bitmap Bytes:
$0

$ss10_NativeSetV9insertNew_2at8isUniqueyxn_s10_HashTableV6BucketVSbtFSS_Tg5
# Func Hash:
526279452064647499
# Num Counters:
10
# Counter Values:
228
1016
422
0
904
0
0
0
0
0
# Num Bitmap Bytes:
$0

$ss11InlineArrayV9repeatingAByxq_Gq__tcfC$15__6Shared16JSONObjectFieldsV5PlaceVTt1g5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
380428
# Num Bitmap Bytes:
$0

$ss11_StringGutsV19validateScalarIndexySS0E0VAEF
# Func Hash:
360019387990068195
# Num Counters:
6
# Counter Values:
15492
0
0
0
15492
7616
# Num Bitmap Bytes:
$0

$ss15ContiguousArrayV16_createNewBuffer14bufferIsUnique15minimumCapacity13growForAppendySb_SiSbtFSS_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1602
# Num Bitmap Bytes:
$0

$ss17_NativeDictionaryV7_delete2atys10_HashTableV6BucketV_tF9DataPlane6HoldIDV_yyYbcTg5
# Func Hash:
1145296626448065675
# Num Counters:
15
# Counter Values:
455
4
832
380
0
380
0
0
473
1045
0
828
1
3
3
# Num Bitmap Bytes:
$0

$ss17_NativeDictionaryV7_insert2at3key5valueys10_HashTableV6BucketV_xnq_ntF9DataPlane6HoldIDV_yyYbcTg5
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
1518
0
# Num Bitmap Bytes:
$0

$ss17_NativeDictionaryV8setValue_6forKey8isUniqueyq_n_xSbtF9DataPlane6HoldIDV_yyYbcTg5
# Func Hash:
650973723230026183
# Num Counters:
8
# Counter Values:
0
1518
6
0
0
1
0
0
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV19_uninitializedCount15minimumCapacityAByxGSi_SitcfC6Shared15ReservationLineV_Tt1g5
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1518
0
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV19_uninitializedCount15minimumCapacityAByxGSi_SitcfC9DataPlane10WalletLineV_Tt1g5
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1428
1427
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV19_uninitializedCount15minimumCapacityAByxGSi_SitcfC9DataPlane19ApplicableAllowanceV_Tt1g5
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1428
1427
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV19_uninitializedCount15minimumCapacityAByxGSi_SitcfCs5UInt8V_Tt1gq5
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
4098
4098
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared10JSONObjectV6MemberV_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
1108
196
912
0
196
196
0
0
138
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
3
129:104
257:88
513:4
0

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared15ReservationLineV_Tg5
# Func Hash:
326953198419788627
# Num Counters:
9
# Counter Values:
563408
6072
560372
0
3036
6072
0
0
1562
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
1
33:3036
0
1
0:560372

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared9HTTPFieldV_Tg5
# Func Hash:
326953198419788627
# Num Counters:
9
# Counter Values:
1218
0
1218
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
0
1
0:1218

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
1920
1920
1920
0
0
1920
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

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFSS4name_SS5valuet_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
2003
1579
822
0
1181
1579
0
0
438
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
0
3
32:784
64:394
128:3

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFSS4name_SS5valuet_Tg5
# Func Hash:
1040079910790094222
# Num Counters:
9
# Counter Values:
2003
1579
822
0
1181
1579
0
0
438
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
0
3
32:784
64:394
128:3

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFSS_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
2784
1173
2028
0
762
1170
0
0
465
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
7
16:393
32:303
64:51
33:6
128:3
129:3
512:3
0

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFs5UInt8V_Tg5
# Func Hash:
326953198419788627
# Num Counters:
9
# Counter Values:
4305
4251
2213
0
2092
4245
0
0
808
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
4
1:1920
0:287
129:3
65:3
0
10
17:1857
65:65
129:62
8:56
33:26
2:21
9:2
257:1
513:1
32:1

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFs5UInt8V_Tg5
# Func Hash:
326953200075267470
# Num Counters:
9
# Counter Values:
8610
8502
4426
0
4184
8490
0
0
1616
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
4
1:3840
0:574
65:6
129:6
0
10
17:3714
65:130
129:124
8:112
33:52
2:42
9:4
32:2
257:2
513:2

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFyyYbc_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
3924
3924
2998
0
926
3924
0
0
446
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
10
16:254
32:202
64:176
128:134
256:72
33:26
65:24
512:20
129:14
257:4
0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlF9DataPlane6HoldIDV_Tg5
# Func Hash:
37730076117430788
# Num Counters:
5
# Counter Values:
314
578
3043
1832
1518
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFSS_Tg5
# Func Hash:
607699200200471043
# Num Counters:
5
# Counter Values:
3873
3567
3504
3996
447
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFSv_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
867
79
1186
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFs5Int32V_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
1588
170
3074
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFs6UInt64V_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
278668
0
278670
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlF9DataPlane6HoldIDV_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3043
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFSS_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3996
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFSv_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1186
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFs5Int32V_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3074
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFs6UInt64V_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278670
# Num Bitmap Bytes:
$0

$ss32_copyCollectionToContiguousArrayys0dE0Vy7ElementQzGxSlRzlFSW_Tgq5
# Func Hash:
140494398835109188
# Num Counters:
5
# Counter Values:
2674
2674
2674
2674
0
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
8
65:830
17:780
33:658
4:316
129:72
257:8
513:6
256:4

$ss32_copyCollectionToContiguousArrayys0dE0Vy7ElementQzGxSlRzlFs5SliceVySWG_Tg5
# Func Hash:
753202735731381035
# Num Counters:
7
# Counter Values:
9483
9480
9480
0
0
0
0
# Num Bitmap Bytes:
$0

$ss5SliceV13_copyContents12initializings16IndexingIteratorVyAByxGG_SitSry7ElementQzG_tFSW_Tg5
# Func Hash:
490771318867301561
# Num Counters:
12
# Counter Values:
3160
0
3160
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
12
9:1182
17:396
4:396
16:391
8:391
2:329
3:66
65:3
33:2
7:2
1:1
6:1

$ss5SliceV13_copyContents12initializings16IndexingIteratorVyAByxGG_SitSry7ElementQzG_tFSW_Tg5
# Func Hash:
490771320366598324
# Num Counters:
12
# Counter Values:
3160
0
3160
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
12
9:1182
17:396
4:396
16:391
8:391
2:329
3:66
65:3
33:2
7:2
1:1
6:1

$ss5SliceV13_copyContents12initializings16IndexingIteratorVyAByxGG_SitSry7ElementQzG_tFSW_Tg5
# Func Hash:
858416813454853011
# Num Counters:
16
# Counter Values:
3160
0
3160
0
0
0
0
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
12
9:1182
17:396
4:396
16:391
8:391
2:329
3:66
65:3
33:2
7:2
1:1
6:1

$sxRi_zRi0_zlyytIseghr_SgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1384
1384
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.31
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7572
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.32
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.33
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
46368
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:46368

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0.13
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
46561
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
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLC6ending6withinAD6EndingOs8DurationV_tYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1518

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLC6ending6withinAD6EndingOs8DurationV_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3036
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
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
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.3
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1518
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
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
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
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC8sendRest2ofyAA0C7RequestV_tYaAA13DirectFailureOYKF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7572
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC8sendRest2ofyAA0C7RequestV_tYaAA13DirectFailureOYKF.0.8
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7572
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:7572

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
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
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC5begin5began6target_y6Shared13MonotonicTimeV_AA14CompiledTargetCAA7OutcomeCtYaAA12AttemptErrorOYKF.0.16
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC5carry4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC5carry4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.9
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC8passNext33_D1570B365338B4AF901897559CD022DALLAC7PassageAELLOSgyYaAA0C5ErrorOYKF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC8passNext33_D1570B365338B4AF901897559CD022DALLAC7PassageAELLOSgyYaAA0C5ErrorOYKF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC4wait33_2B8590A6208F37C908D3E5B8B38BBE22LL2on__3for__AA9AdmissionVAA8AdmitterC6AnswerOn_AA13ParsedRequestCAA9RoutePlanCAA6CallerCAA12ClientStreamCAA0T7ContextCtYaAA12GatewayErrorVYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC4wait33_2B8590A6208F37C908D3E5B8B38BBE22LL2on__3for__AA9AdmissionVAA8AdmitterC6AnswerOn_AA13ParsedRequestCAA9RoutePlanCAA6CallerCAA12ClientStreamCAA0T7ContextCtYaAA12GatewayErrorVYKF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1518

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC5parse_3for_AA13ParsedRequestCSgAA12ClientStreamC_AA6CallerCAA0G7ContextCtYaAA12GatewayErrorVYKF.0.8
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
46368
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
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF.0.15
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
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
1920
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
278817
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
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1518

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_TA
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_yyYbcfU_TA.6
# Func Hash:
1063705162462123496
# Num Counters:
3
# Counter Values:
1518
1518
1518
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF.0.12
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF.0.14
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
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
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:278668

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
278668
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
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$sIegh_ytIeghr_TRTA
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1518
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;__swift_continuation_await_point
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1588
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;objectdestroy
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1996
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;objectdestroy.4
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1582
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;weir_json_structure_count
# Func Hash:
694937221278060868
# Num Counters:
8
# Counter Values:
278668
0
0
0
8358120
1950676
7800784
836004
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;weir_monotonic_ns
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
278668
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF.0.7
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1920
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1920

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3840
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
604048
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
4
** External Symbol **:278817
** External Symbol **:278668
** External Symbol **:46561
** External Symbol **:2

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1115334
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7572
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF.0.11
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7572
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF.0.9
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7572
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:7572

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flushyyYaAA0B5ErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7573
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flushyyYaAA0B5ErrorOYKF.0.6
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
7573
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
2
** External Symbol **:7572
** External Symbol **:1

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC8sendSome33_2D9D6228BD983C6F09872573D25A3879LLySiSWYaAA0B5ErrorOYKF.0.13
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
15145
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
2
** External Symbol **:7573
** External Symbol **:7572

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11LevelSignalC4wait6beyond7timeouts6UInt64VAH_s8DurationVtYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1406
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA
# Func Hash:
238984481002779099
# Num Counters:
3
# Counter Values:
278668
278668
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA
# Func Hash:
536873293052540031
# Num Counters:
4
# Counter Values:
278668
0
278668
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2873
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$sIegh_ytIeghr_TRTA
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1663
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
24
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_yyYbcfU_TA.6:1518
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared8LoopCallC4makeyyFyyYbcfU_TA:49
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared8LoopCallC4makeyyFyyYbcfU_TA:48
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12UsageShipperC5startyyFyyYbcfU0_yyYbcfU_TA:14
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane7JournalC7keepOne33_CFB43C80168838E48CBA4A15D9DCD04BLL2of3forySayAA0C7SegmentCGz_AA0C3LogCtFyyYbcfU0_TA:9
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yyYbcfU_yt_TG5TA:3
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12WorkerThreadC3run_4fromxxAA0C0CYbc_6Shared9EventLoopCtYas8SendableRzlFySccyxs5NeverOGXEfU_yyYbcfU_yyYbcfU_Si_TG5TA:2
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane7JournalC7passNowyyFyyYbcfU0_TA:2
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA:1
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
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared8LoopCallC4makeyyFyyYbcfU_TA.10:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA.21:1
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared9EventLoopC4stopyyFyyYbcfU_TA.19:1

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
561186
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;objectdestroy.9
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1663
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;weir_crc32c
# Func Hash:
536873293414254958
# Num Counters:
3
# Counter Values:
20064185
2229398
557352
# Num Bitmap Bytes:
$0

__swift_allocate_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1886
0
# Num Bitmap Bytes:
$0

__swift_async_resume_get_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
36113376
# Num Bitmap Bytes:
$0

__swift_async_resume_project_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
178858734
# Num Bitmap Bytes:
$0

__swift_destroy_boxed_opaque_existential_1
# Func Hash:
728453322856651412
# Num Counters:
2
# Counter Values:
83610
2070
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
5
__swift_noop_void_return:44685
** External Symbol **:38790
** External Symbol **:45
$s6Shared6SecretVwxx:45
$s9DataPlane24CrossOriginConfigurationVwxx:45

__swift_instantiateConcreteTypeFromMangledName
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
490881534
62062
# Num Bitmap Bytes:
$0

__swift_instantiateConcreteTypeFromMangledNameAbstract
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1650
198
# Num Bitmap Bytes:
$0

__swift_instantiateGenericMetadata
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
10616
# Num Bitmap Bytes:
$0

__swift_memcpy0_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
6120
# Num Bitmap Bytes:
$0

__swift_memcpy16_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
40420
# Num Bitmap Bytes:
$0

__swift_memcpy1_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
337650
# Num Bitmap Bytes:
$0

__swift_memcpy24_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
18546
# Num Bitmap Bytes:
$0

__swift_memcpy9_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
6188
# Num Bitmap Bytes:
$0

__swift_mutable_project_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
2385
0
# Num Bitmap Bytes:
$0

__swift_noop_void_return
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1334432
# Num Bitmap Bytes:
$0

__swift_project_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
65618
172
# Num Bitmap Bytes:
$0

_swift_implicitisolationactor_to_executor_cast
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1130128
3822
# Num Bitmap Bytes:
$0

