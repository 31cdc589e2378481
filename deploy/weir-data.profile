# IR level Instrumentation Flag
:ir
$s6Shared10BufferPoolC4giveyySv_SitF
# Func Hash:
844982799177007476
# Num Counters:
4
# Counter Values:
238205
219486
219308
0
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC4takeySvSiF
# Func Hash:
238984482720105921
# Num Counters:
3
# Counter Values:
18279
238205
232988
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC8allocateySvSiFZTf4nd_n
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
115884
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC4move33_D3B13E5A4E32F39A273355388B5EAD5ALL2toySi_tF
# Func Hash:
656349717251111912
# Num Counters:
5
# Counter Values:
238205
12384
12384
457
1
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
3
513:44761
129:35924
33:3

$s6Shared10ByteBufferC4trim10completelyySb_tF
# Func Hash:
391331299916125692
# Num Counters:
7
# Counter Values:
0
238205
197395
114807
114482
114482
325
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append11hexadecimalys6UInt64V_tF
# Func Hash:
454381971115151227
# Num Counters:
10
# Counter Values:
194156
194156
97132
97024
93288
0
0
0
0
97128
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append7decimalys6UInt64V_tF
# Func Hash:
753202734142417035
# Num Counters:
7
# Counter Values:
50901
35416
181659
0
9024
47521
238205
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyyAA8ObjectIDVF
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
238205
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyySays5UInt8VGF
# Func Hash:
700171237495097698
# Num Counters:
3
# Counter Values:
238205
190566
11
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
6
9:476410
3:238205
17:238205
257:56
129:3
65:1

$s6Shared10ByteBufferC7compactyyF
# Func Hash:
948827212462674938
# Num Counters:
8
# Counter Values:
1868
1868
0
1868
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
5666
5667
238205
0
0
0
0
0
0
470
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
238205
68058
204175
0
34029
34029
34029
0
0
0
0
0
102087
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCfD
# Func Hash:
798733564143708249
# Num Counters:
4
# Counter Values:
238205
237068
236644
1083
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11flushInTurnSbyAA0B5ErrorOYKF
# Func Hash:
5832819038639850
# Num Counters:
12
# Counter Values:
0
238205
238205
238205
238205
238205
238205
238205
222947
222947
1
2
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11setDeadline17afterMillisecondsySi_tF
# Func Hash:
974670607848429573
# Num Counters:
7
# Counter Values:
238205
238130
148
74
74
0
2
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11setDeadlineyyAA13MonotonicTimeVF
# Func Hash:
974670607848429573
# Num Counters:
7
# Counter Values:
238205
238191
27
13
13
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
1868
1868
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF
# Func Hash:
250395595833924020
# Num Counters:
31
# Counter Values:
0
0
0
238205
0
0
1
0
238205
218395
218450
0
97
0
218450
97
0
0
0
0
0
97
0
97
68
0
0
0
0
0
238107
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF
# Func Hash:
448268672000951028
# Num Counters:
10
# Counter Values:
6969
6969
0
0
0
0
0
0
6969
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
6970
6970
6970
6970
6970
0
0
0
6970
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC5readyyys6UInt32VF
# Func Hash:
45352972294364454
# Num Counters:
14
# Counter Values:
38128
238205
237718
238205
0
62
237718
26
199589
0
38907
0
38128
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
$s9DataPlane5RelayC6Shared12ArrivalTakerAadEP05takesE0SbyFTW:93288

$s6Shared10ConnectionC7fillNowSiSgyAA0B5ErrorOYKF
# Func Hash:
391331304109403451
# Num Counters:
6
# Counter Values:
0
186576
93288
0
93288
93288
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC7isQuietSbyF
# Func Hash:
647472251207731453
# Num Counters:
13
# Counter Values:
0
238141
238141
238141
238141
0
238141
238141
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
82
82
0
0
238205
0
221623
140
221529
82
221529
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
51731
0
51731
0
0
51731
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
37792
37792
37792
37792
37792
37792
0
37792
37792
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
13939
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW
# Func Hash:
543243706643223905
# Num Counters:
4
# Counter Values:
238205
0
238205
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

$s6Shared10CurlFieldsC6append33_A67493193253A399497B1C068EDE2B4BLL4line9nameCountySW_SitF
# Func Hash:
873946561143722571
# Num Counters:
54
# Counter Values:
0
0
0
336
8465
37554
0
677
677
677
677
0
336
0
336
0
336
0
336
0
0
0
336
0
336
0
336
336
336
336
0
336
336
336
0
0
0
0
0
0
0
0
0
0
0
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
251
0
0
0
0
0
36
251
0
0
1841
0
0
1841
0
0
0
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

$s6Shared10JSONNumberV7integer2asxSgxm_ts17FixedWidthIntegerRzlFs6UInt64V_Tt0g5
# Func Hash:
869069516477105963
# Num Counters:
28
# Counter Values:
900
0
0
0
0
0
0
900
0
0
4881
0
0
4881
0
0
0
0
0
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
3749
3346
2928
55
973
55
0
405
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
238205
238205
238205
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
238205
238205
0
119102
59551
59551
238205
0
29775
29775
0
29775
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
119102
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
9:238205

$s6Shared10LineBufferC5fieldyys12StaticStringV_SStF
# Func Hash:
574160708867908034
# Num Counters:
23
# Counter Values:
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
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
7:238205
0

$s6Shared10LineBufferC5flushyyF
# Func Hash:
538256027862876729
# Num Counters:
14
# Counter Values:
0
2771
0
0
2771
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
238205
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
2:476410
7:238205
17:238205

$s6Shared10LineBufferC6append6digitsys6UInt64V_tF
# Func Hash:
247671765008614654
# Num Counters:
10
# Counter Values:
11429
46265
147563
0
35954
54687
0
0
0
238205
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC6append6quotedyAA8ObjectIDV_tF
# Func Hash:
141929912687440435
# Num Counters:
10
# Counter Values:
238205
0
238205
238205
238205
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
238205
0
164373
0
164373
0
0
164373
123417
0
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
9:476410
4:238205
17:238205
7:238205

$s6Shared10MappedFileC4zeroyySnySiGF
# Func Hash:
1096621590428046654
# Num Counters:
5
# Counter Values:
1403
1403
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
1024
0
8
0
0
0
8
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
238205
0
0
0
0
0
0
0
0
0
0
0
0
238205
238205
238205
238205
238205
238205
238205
238205
238205
# Num Bitmap Bytes:
$0

$s6Shared10PriceLinesV9worstCaseyAA5MoneyVAA10UsageBoundVF
# Func Hash:
26069070958282342
# Num Counters:
29
# Counter Values:
238205
238205
0
0
0
0
0
238205
0
0
0
0
0
0
0
238205
238205
238205
238205
238205
238205
238205
238205
238205
238205
238205
238205
238205
238205
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
238205
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
238205
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared10PriceSheetVwcp:714615

$s6Shared10PriceSheetVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared10PriceSheetVwxx:952820

$s6Shared10PriceSheetVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared10PriceSheetVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2046
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwcp:2046

$s6Shared11CurlRequestVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
4092
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwxx:4092

$s6Shared11CurlRequestVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1023
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1023
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
1355
1355
1355
338
338
0
0
0
679
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV10skipNumber33_4EDAB8B9DBB0914484658ACD81E1932CLLyyAA9JSONErrorVYKF
# Func Hash:
518052719210190414
# Num Counters:
27
# Counter Values:
0
238205
1266
723
31875
0
0
0
206048
0
0
0
0
206591
206590
206590
31875
0
0
31875
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
238205
1243
0
0
4174
0
6
829
0
0
0
5418
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
30464
0
0
0
0
104166
0
0
0
0
238205
30464
1
1
140765
0
0
238205
0
0
0
0
0
42956
164982
0
0
93276
60815
30351
0
0
93177
0
0
60815
30351
1
1
35191
0
0
0
0
0
0
30251
55460
0
0
0
55460
0
60717
0
60717
60717
0
60602
0
104166
60602
0
0
0
0
104165
0
104166
104166
103664
0
0
103664
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
151585
0
21655
0
0
0
0
238205
238205
86620
0
0
0
0
0
151585
151585
0
0
0
0
0
21655
129930
0
0
0
0
21655
0
0
0
0
0
0
0
0
0
0
151585
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV7members11behindComma5named2in_ySb_AA14JSONFieldNamesVSWyACz_SiSgtAA9JSONErrorVYKXEtALYKF074$s6Shared11OpenAIUsageV7details33_1302C988652980F2DA81B9247589E4DDLLyyAA11b7Vz_AA14hi23VSWySi_s6UInt64VtXEtAA9j10VYKFZyAGz_Z12SgtAMYKXEfU_Sis6UInt64VIgyy_SWTf1nnncn_n
# Func Hash:
154618275690120995
# Num Counters:
67
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
79401
0
0
79401
0
0
0
0
0
0
0
0
0
0
0
0
0
0
79401
0
79401
0
79401
0
79401
238205
238205
0
238205
0
119102
238205
0
238205
158803
119102
158803
0
0
0
0
0
79401
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV9expectEndyyAA9JSONErrorVYKF
# Func Hash:
135188633086916128
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
238205
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
238205
238205
0
170146
0
34029
0
0
0
136117
0
0
0
0
0
0
0
0
0
102087
102087
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
238205
238205
0
0
0
0
0
0
0
0
0
0
0
0
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
36288097178344557
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
47641
47641
0
47641
0
0
0
0
0
0
0
0
0
0
0
190564
0
0
0
0
238205
238205
0
238205
0
0
95282
238205
238205
0
0
0
238205
0
0
190564
95282
238205
0
0
47641
47641
0
0
0
0
47641
0
47641
47641
47641
47641
0
47641
47641
0
0
0
0
0
0
0
0
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
1037295722960064582
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
29775
0
0
0
0
29775
0
0
0
0
0
0
0
29775
0
0
0
238205
238205
0
0
0
238205
29775
238205
208429
238205
59551
0
238205
208429
208429
89326
0
208429
29775
29775
0
0
0
0
0
0
0
0
0
0
29775
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
119102
0
0
0
0
0
119102
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA:476410
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA:476410

$s6Shared11OpenAIUsageV8scanning2inACSgSW_SnySiGtcfC
# Func Hash:
653247339991611320
# Num Counters:
15
# Counter Values:
0
0
0
1868
0
0
0
0
0
1868
0
1868
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
338
1693
1693
1693
338
1693
338
338
338
0
0
0
0
338
0
338
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
17:675
33:342
2:338
32:336
65:2

$s6Shared12CurlTransferC9configure33_0E38B399ADBA6DF5950CB410954CC2E4LLySbAA0B4EasyC_AA0B7RequestVtFSiSpys4Int8VGSg_S2iSvSgtcfU_To
# Func Hash:
844982797978621669
# Num Counters:
4
# Counter Values:
2031
2031
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
238205
238205
21
238205
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
17:238205

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
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordV6encode4intoSiSw_tF
# Func Hash:
830346928475628862
# Num Counters:
107
# Counter Values:
238205
0
0
0
0
0
0
0
0
0
0
119102
0
0
0
0
0
0
119102
0
0
0
0
0
119102
0
119102
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
119102
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
0:238205
0

$s6Shared12IntentRecordV9requestID23startedUnixMilliseconds012organizationE004teamE0010virtualKeyE005routeE008providerE005modelE005priceE08reserved8endpoint8isStream7endUser5lines8shadowOfAcA06ObjectE0V_s5Int64VA2tA07VirtuallE0VA4tA5MoneyVAA8EndpointOSbSSSayAA15ReservationLineVGATSgtcfC
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOg
# Func Hash:
382993475055910911
# Num Counters:
2
# Counter Values:
238205
238205
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2382050

$s6Shared12IntentRecordVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOi_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVwet
# Func Hash:
607699200014702880
# Num Counters:
5
# Counter Values:
238205
238205
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
234
238205
234
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
119102
238205
0
0
0
0
0
0
0
0
0
0
119102
119102
0
0
0
0
0
0
0
119102
0
0
0
0
0
119102
0
119102
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
119102
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
0:238205
0

$s6Shared12SettleRecordVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared12SettleRecordVwxx:238205

$s6Shared12SettleRecordVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared12ValueDecoder33_3BF43D389E7A9987E0D91154C2E57CFFLLCADs0C0AAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1100
2
# Num Bitmap Bytes:
$0

$s6Shared13HistogramCellC7observeyys6UInt64VF
# Func Hash:
844982798453876794
# Num Counters:
4
# Counter Values:
238205
16871
221333
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
129630
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
1868
0
1868
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1868
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
238205
631
33487
34119
33487
68239
0
65673
34119
0
33487
0
0
0
0
34119
0
0
631
0
33487
0
0
0
0
0
0
0
631
# Num Bitmap Bytes:
$0

$s6Shared14JSONFieldNamesV13indexOfLength028_FA7D9AC27D49DFBCBE548EAEFF0H3FECLL_2inSiSgSnySiG_SWtF
# Func Hash:
657568767408109133
# Num Counters:
29
# Counter Values:
15065
0
14838
217455
0
0
159353
159353
238205
0
0
159353
0
238205
64354
64354
0
64354
64013
0
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
334
0
0
2452
2118
0
334
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
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA:2452

$s6Shared15DescriptorWatchC9ReadinessVIegy_SgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
9378
8367
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
4917
651
0
0
391
69
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
651
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
1186
2499
0
613
0
952
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

$s6Shared15ObjectContainer33_3BF43D389E7A9987E0D91154C2E57CFFLLVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1383
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV11takeMembers028_FA7D9AC27D49DFBCBE548EAEFF0G3FECLL4from11behindComma__SiAA11JSONScannerVz_SbAA14JSONFieldNamesVSWtAA9JSONErrorVYKF
# Func Hash:
215763335104518238
# Num Counters:
115
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
43974
0
0
0
61289
0
0
0
0
0
0
0
0
0
0
0
0
0
17315
43974
0
43974
0
0
0
43974
0
0
0
0
43974
194909
238205
0
238205
194230
1358
214778
0
238205
0
0
238205
238205
194230
192872
61289
0
46690
191514
0
238205
176915
0
3395
0
0
46011
339
61289
0
46011
339
42955
0
0
0
0
0
0
0
44653
44653
0
0
0
0
0
0
0
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

$s6Shared16JSONObjectFieldsV8scanning2in3forACSW_SnySiGAA14JSONFieldNamesVtAA9JSONErrorVYKcfC
# Func Hash:
146835647075900052
# Num Counters:
2
# Counter Values:
0
238205
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV8scanning2in3forACSW_SnySiGAA14JSONFieldNamesVtAA9JSONErrorVYKcfCTf4nnnd_n
# Func Hash:
981446175727855781
# Num Counters:
15
# Counter Values:
0
0
0
0
238205
0
0
0
0
0
238205
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV8scanning3for5afterACSW_AA14JSONFieldNamesVAA8JSONLeadVztAA9JSONErrorVYKcfC
# Func Hash:
244591042192739346
# Num Counters:
22
# Counter Values:
0
0
0
0
1654
0
0
0
238205
1654
0
84364
1654
84364
1654
1654
0
84364
0
0
0
1654
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
129:95268

$s6Shared16JSONObjectFieldsVSgWOg
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1868
1868
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
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
105868
238205
0
0
26467
26467
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
138
0
0
0
93
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
3189
0
0
0
0
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
3102
1
# Num Bitmap Bytes:
$0

$s6Shared18LoopSerialExecutorCScfAAScf7enqueueyys0D3JobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3189
# Num Bitmap Bytes:
$0

$s6Shared6CRC32CO8checksumys6UInt32VSWFZTf4nd_n
# Func Hash:
238984482966880379
# Num Counters:
3
# Counter Values:
238205
238205
0
# Num Bitmap Bytes:
$0

$s6Shared8EndpointO9DataPlaneE10makesMediaSbvg
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared8EndpointO9DataPlaneE9modelKindAA14PolicyDocumentV5ModelV0F0OSgvg
# Func Hash:
331779890349618237
# Num Counters:
14
# Counter Values:
238205
0
0
0
0
238205
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
238205
0
238205
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
238205
238205
119065
119065
0
119065
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
26966
238205
26966
0
0
26966
11055
4494
0
0
0
0
0
4494
26966
0
90697
26966
0
26966
0
4494
23281
4494
0
0
4494
0
0
0
4494
0
0
26966
26966
8988
0
0
0
0
0
0
26966
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
238205
238205
238205
0
0
238205
119186
0
119018
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC13parseResponse_12headBytesMax14requestWasHeadSbSW_SiSbtAA9HTTPErrorOYKF
# Func Hash:
975224236841123310
# Num Counters:
46
# Counter Values:
20408
238205
20408
0
0
0
20408
6793
6728
53
0
0
0
0
6782
20408
0
34161
20408
0
20408
0
6782
13626
0
53
0
6782
53
0
6782
0
0
20408
53
20408
6782
6728
0
0
0
0
0
0
0
20408
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC15parseStatusLine33_7AE0FF0CCDAA2990CC7930521E3D2007LLySiSWAA9HTTPErrorOYKF
# Func Hash:
477345292250659520
# Num Counters:
21
# Counter Values:
79401
0
158803
0
0
79401
238205
79401
0
0
0
0
79401
79401
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
37611
238205
0
12537
0
12537
0
0
0
0
0
0
12537
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
238205
238205
59551
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC5reset33_7AE0FF0CCDAA2990CC7930521E3D2007LLyyF
# Func Hash:
798733565748405073
# Num Counters:
4
# Counter Values:
238205
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
21620
0
0
21620
0
238205
216584
33
18
0
0
15
0
0
15
0
0
15
0
0
0
0
21636
0
0
0
21635
0
0
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
1244
158218
238205
0
79364
0
0
0
0
0
622
0
158218
622
158218
0
0
0
0
0
0
158218
0
622
0
622
0
622
0
622
0
622
0
622
0
0
0
0
0
622
0
622
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
238205
3504
3504
3504
# Num Bitmap Bytes:
$0

$s6Shared8KeyShardV5MatchV5keyIDAA07VirtualbF0Vvg
# Func Hash:
844982796950093491
# Num Counters:
4
# Counter Values:
238205
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
238205
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
238205
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
238205
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
88
88
88
0
0
3168
2816
0
1048
88
0
88
0
0
0
0
0
0
0
0
0
0
3256
3168
1408
1408
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
1868
3736
1868
1868
1868
1868
1868
0
0
0
0
0
1868
0
1868
0
0
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
99004
198008
99004
99004
99004
99004
99004
0
0
0
0
0
99004
0
99004
0
0
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
338
338
338
338
338
2789
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
2118
334
0
0
334
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
64040
0
14
462
63564
0
0
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
863021985335721157
# Num Counters:
58
# Counter Values:
0
0
0
97727
97727
97727
0
0
97727
0
0
0
493
0
0
200865
200865
0
0
0
1323
199541
0
0
3053
0
575
0
0
3053
0
0
0
51189
24606
238205
0
530
0
7638
73
0
238205
97727
26582
238205
90088
2
2
238205
0
0
26580
171
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
$s6Shared10ConnectionC5readyyys6UInt32VF:571134
$s6Shared15DescriptorWatchC5readyyys6UInt32VF:2452
$s6Shared14ReadinessProbeC5readyyys6UInt32VF:183
$s6Shared8ListenerC5readyyys6UInt32VF:141
2
$s6Shared9LoopTimerC10timerFiredyyF:1022
$s6Shared11LevelSignalC6Waiter33_EA978A5BD64C8569A99FBBC6C89D585DLLC10timerFiredyyF:365
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
0:7358

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

$s6Shared9EventLoopC6disarmyyAA10TimerEntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
3962
1357
0
848
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
2
238205
0
0
2
2
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
1075116062508989895
# Num Counters:
31
# Counter Values:
0
0
238205
238205
238205
0
0
238205
0
0
0
0
0
0
53752
0
0
0
42652
0
0
0
0
0
0
10681
0
238205
227523
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
434
5
0
0
64052
5
6
0
172
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
@build@/Shared.build/ConfigurationField.swift.o;$sIegh_ytIeghr_TRTA:606

$s6Shared9EventLoopCACSchAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1350
5
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopCSchAASch7enqueueyys11ExecutorJobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
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
23820
0
238205
214384
0
23820
0
23820
119102
0
23820
23820
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
238205
0
1
238204
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
74561
238205
238205
74561
74561
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
244
0
0
0
26672
0
0
0
0
26427
0
0
0
0
244
0
0
0
0
0
0
53099
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
26672
0
37
0
1
26672
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
26673
26427
0
0
0
244
0
0
26672
0
0
244
244
0
238205
26672
26672
0
0
0
0
26672
0
0
0
0
0
414
26427
0
52685
79320
0
105748
26427
0
26427
26427
0
0
0
0
0
53099
0
26427
0
0
0
26672
0
150
26427
26672
0
0
0
26427
0
0
0
0
26427
26427
0
0
0
0
0
0
0
26427
244
0
0
0
0
53100
0
0
0
0
26427
0
26427
0
0
26427
0
0
0
0
0
26427
0
0
0
0
207
0
0
52685
52892
0
0
26427
0
0
0
0
0
0
0
0
0
26427
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
26427
0
26427
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
26634
0
207
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
1868
0
1868
0
0
0
0
0
0
0
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
1868
# Num Bitmap Bytes:
$0

$s6Shared9JSONEditsV7replace_4withySnySiG_Says5UInt8VGtF
# Func Hash:
436124198163428156
# Num Counters:
14
# Counter Values:
0
1868
0
0
0
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
238205
238205
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
238205
0
0
238205
0
0
79401
0
0
0
0
0
0
0
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
238205
0
0
238205
0
0
79401
0
0
0
0
0
0
0
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
59920
59920
# Num Bitmap Bytes:
$0

$s6Shared9JSONValueOWOe
# Func Hash:
844982797069585453
# Num Counters:
5
# Counter Values:
238205
136910
15666
26444
58379
# Num Bitmap Bytes:
$0

$s6Shared9JSONValueOWOy
# Func Hash:
844982797069585453
# Num Counters:
5
# Counter Values:
238205
103326
17345
22205
94429
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
3096
0
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerC3arm5afterys8DurationV_tF
# Func Hash:
854638109871679912
# Num Counters:
11
# Counter Values:
85
1417
0
1343
0
1428
1343
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
1039
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1028
# Num Bitmap Bytes:
$0

$s6Shared9PriceTierVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLength_5atEndSiSgSW_SbtF
# Func Hash:
959085193070499304
# Num Counters:
5
# Counter Values:
192292
0
0
93288
93288
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLengthySiSgSWF
# Func Hash:
141929912967925097
# Num Counters:
12
# Counter Values:
100872
100872
0
194160
93288
0
100872
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
52047013910009689
# Num Counters:
9
# Counter Values:
64959
2
0
0
0
0
65426
1387
0
# Num Bitmap Bytes:
$0

$s6Shared9TimerHeapV6removeyyAA0B5EntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
1387
1387
0
929
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
6339
3527
5051
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
3627
3618
1874
0
0
543
952
0
0
0
0
0
0
0
0
0
0
1349
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
238205
238205
238205
0
238205
0
238205
0
238205
0
0
238205
0
0
0
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
238205
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
238146
236693
1511
1
58
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
238205
0
0
0
0
238205
0
6969
64
0
0
64
238141
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
0
0
0
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
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW:238205
0
0
0
0

$s9DataPlane10WalletCoreV11forgetLines33_6F4A5FC6971A0BD9302CF9F9DEFE2183LLyySiF
# Func Hash:
325048436586445221
# Num Counters:
15
# Counter Values:
238205
0
238205
119102
119102
0
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

$s9DataPlane10WalletCoreV11makeAskable33_5B097A68B979026294F0255E67598D9FLLyySiF
# Func Hash:
927205941996194500
# Num Counters:
10
# Counter Values:
1863
1446
43
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
119102
0
0
0
0
238205
238205
0
0
0
238205
119102
0
0
0
0
0
0
0
0
0
119102
119102
119102
0
0
0
0
0
0
0
238205
238205
0
0
0
119102
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
1522
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

$s9DataPlane10WalletCoreV15accountPosition2of3nowSiSgAA0C4LineV_s6UInt64VtF
# Func Hash:
204980582458217383
# Num Counters:
16
# Counter Values:
0
238205
1
238204
238204
0
0
0
0
0
0
0
0
0
238204
238204
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV15vacantOrNewSlot33_6F4A5FC6971A0BD9302CF9F9DEFE2183LLSiyF
# Func Hash:
287486624829984416
# Num Counters:
5
# Counter Values:
238141
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
2424
1212
0
0
1212
1212
1212
670
670
606
606
0
0
0
0
0
0
0
0
0
0
0
0
0
0
542
542
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
2042
1021
0
1212
0
1021
1021
1021
606
434
415
606
19
606
0
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
31
0
238205
0
238205
237902
31
237902
119237
119237
237902
0
0
31
0
0
0
118935
0
118967
624
302
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
1484
0
1420
0
2840
1420
958
479
0
1420
0
1420
0
1022
0
1420
1420
1420
1420
479
127
0
0
606
1
127
814
63
0
0
0
0
0
0
0
0
0
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
238205
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
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
238205
0
119102
119102
1
119102
119102
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
238205
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
119342
119342
238205
0
0
0
0
119342
0
239
119102
119102
0
0
0
0
0
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
358
238205
0
0
0
119102
119102
199
119102
0
119102
0
0
0
0
0
0
0
0
0
0
0
0
119102
119102
119102
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV8makeLine33_6F4A5FC6971A0BD9302CF9F9DEFE2183LL_7accounts5Int32VAA0cF0V_SitF
# Func Hash:
596847752106025929
# Num Counters:
15
# Counter Values:
238141
238205
64
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
3
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletLineVwcp:2858466

$s9DataPlane10WalletLineVWOc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletLineVwxx:1905640

$s9DataPlane10WalletLineVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane11AttemptMarkVwcp:2382050

$s9DataPlane11AttemptMarkVWOc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane11AttemptMarkVwxx:4764100

$s9DataPlane11AttemptMarkVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC10countUsageyyAA7OutcomeCF
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
238205
0
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC5countyyAA7OutcomeC_s6UInt64VtF
# Func Hash:
1096621591111939908
# Num Counters:
5
# Counter Values:
238205
238205
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
238204
1
0
238204
0
0
1
1
238204
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
238205
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC10appendBodyyySWF
# Func Hash:
631324381436905588
# Num Counters:
9
# Counter Values:
238205
238205
236877
68942
0
0
0
0
167934
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
3
129:93180
257:1976
9:1868
1
513:236337

$s9DataPlane12ClientStreamC12bodyDeadline33_31DE0A1085D676B3259E176824732603LL3now6Shared13MonotonicTimeVAI_tF
# Func Hash:
515675265264172723
# Num Counters:
7
# Counter Values:
43013
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
1868
1868
0
1868
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC13finishRequestSbyF
# Func Hash:
798733564542891874
# Num Counters:
5
# Counter Values:
238205
238205
238205
238205
238205
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF
# Func Hash:
449664059999023044
# Num Counters:
27
# Counter Values:
43013
0
0
42893
35924
6969
0
0
42893
0
0
0
0
0
0
0
42893
0
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
238205
0
238205
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC5flushyyYa6Shared15ConnectionErrorOYKF
# Func Hash:
556960141699934995
# Num Counters:
13
# Counter Values:
1868
0
0
0
0
0
0
0
0
1868
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
238205
0
0
238205
236337
1868
0
238205
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
2:238205

$s9DataPlane12ClientStreamC8makeRoom33_31DE0A1085D676B3259E176824732603LL4upToySi_tAA10ParseErrorOYKF
# Func Hash:
95820316848761854
# Num Counters:
14
# Counter Values:
0
43013
0
42893
42893
0
6969
42893
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
238205
238205
0
0
0
0
0
0
238205
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
238205
238205
# Num Bitmap Bytes:
$0

$s9DataPlane12MemoryBudgetC4heldSivg
# Func Hash:
52047012304036725
# Num Counters:
9
# Counter Values:
14121
14121
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
238205
0
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
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
238205
238205
238205
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
238205
0
0
0
0
0
0
0
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
236337
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
238205
0
0
0
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
238205
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
236337
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
236337
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
1868
4
0
1868
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
1868
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
238205
238205
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
238205
238141
0
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
238204
1
1
1
238204
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
238204
238204
238204
238204
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
238205
119102
119102
119102
119102
119102
0
119102
119102
119102
119102
0
0
119102
0
0
119102
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
238205
238105
238105
199
186
130
13
0
144
1
154
44
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
14
14
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
3
513:287
65:1
33:1

$s9DataPlane13JournalStreamC4take33_6F0C6CD369DC99F7B42F61A747C4B7D9LLyAA0C8PositionVAC4SlotAELLVF
# Func Hash:
331779891183953478
# Num Counters:
8
# Counter Values:
64
238141
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
39701
238205
39701
39701
1
145
0
1
0
0
1
39700
0
0
0
0
0
0
0
0
0
0
0
0
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
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalStreamC6appendyAA0C8PositionV6Shared12IntentRecordVAA0C5ErrorOYKF
# Func Hash:
1029007431783820959
# Num Counters:
30
# Counter Values:
39701
238205
0
39701
1
90
0
0
1
39700
0
0
0
0
0
0
0
0
0
0
0
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
238205
0
0
44
0
238205
0
0
0
0
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
1428
1403
1428
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
1868
1868
238205
1868
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC13isWrittenAnew3forSbAA14CompiledTargetC_tF
# Func Hash:
287486625638178300
# Num Counters:
6
# Counter Values:
238205
238205
0
0
238205
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC3pinAA11ProviderPinVSgvg
# Func Hash:
287486628573240236
# Num Counters:
7
# Counter Values:
238205
0
238205
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
238205
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
238205
0
0
0
0
238205
238205
238205
238205
238205
0
0
0
0
238205
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
238205
0
0
1868
0
0
238205
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
238205
119102
119102
119102
119102
0
0
0
0
119102
# Num Bitmap Bytes:
$0

$s9DataPlane13RequestParserO5edits3for_13modelNameJSON11spentTokens6Shared9JSONEditsVAA06ParsedC0C_SWSays5UInt8VGs6UInt64VtFZTf4nnnnd_nTf4nxnn_n
# Func Hash:
1070589993150165172
# Num Counters:
19
# Counter Values:
1868
0
238205
0
0
238205
1868
0
238205
0
0
0
0
0
1868
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
238205
0
0
0
0
0
0
238205
0
0
0
0
238205
0
0
0
0
0
0
238205
0
0
0
0
0
0
0
0
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
238205
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
178653
0
208429
238205
208429
208429
29775
29775
0
29775
29775
29775
29775
29775
29775
29775
0
0
0
0
208429
# Num Bitmap Bytes:
$0

$s9DataPlane14CompiledTargetC6target_AA14RequestContextC7contexttSgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
238205
1839
# Num Bitmap Bytes:
$0

$s9DataPlane14JournalSegmentCSgWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

$s9DataPlane14JournalSegmentCSgWOd
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238141
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238141

$s9DataPlane14PromptMeasurerV5count33_B01AF9D9811148218CAA345D5331CF3DLL4upToySi_tF
# Func Hash:
135188634736293999
# Num Counters:
7
# Counter Values:
238205
238205
238205
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
17014
17014
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
34029
34029
0
0
0
0
0
0
0
0
0
68058
0
17014
0
0
0
0
0
0
0
0
0
0
0
0
0
17014
51043
0
0
0
17014
34029
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
34029
68058
102087
0
0
0
0
0
0
0
34029
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
34029
34029
0
0
0
68058
0
0
34029
34029
0
0
0
68058
0
34029
0
0
0
34029
0
0
0
0
68058
34029
0
34029
0
34029
0
0
34029
0
0
0
0
0
0
0
0
0
0
0
34029
0
0
0
34029
0
0
0
0
0
0
0
34029
0
0
0
0
0
0
0
34029
0
0
0
0
0
0
0
0
0
34029
34029
0
0
0
0
34029
0
34029
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
238205
# Num Bitmap Bytes:
$0

$s9DataPlane14RequestContextCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane14RequestContextCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane15AttemptSequenceVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane15AttemptSequenceVwxx:476410

$s9DataPlane15AttemptSequenceV_5first3pinAcA9RoutePlanC_SiAA11ProviderPinVSgtcfCTf4nnnd_n
# Func Hash:
886271540078755313
# Num Counters:
4
# Counter Values:
238205
0
0
238205
# Num Bitmap Bytes:
$0

$s9DataPlane15AttemptSequenceVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
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
238204
1
0
1
0
238204
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
234498
0
236351
0
0
0
0
0
0
0
0
0
0
1853
0
0
0
0
0
0
0
0
0
236351
238205
0
0
0
236351
238205
238205
0
238205
1869
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
17:238205
33:1868

$s9DataPlane15FieldForwardingO6answer2of_AA14UpstreamAnswerV6Shared8HTTPHeadC_SWtFZTf4nnd_n
# Func Hash:
229201172986703112
# Num Counters:
16
# Counter Values:
0
31756
0
238205
0
238205
236337
1868
0
0
0
0
0
0
1868
1868
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
238205
0
0
0
0
0
0
0
238205
0
0
238205
0
238205
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
237726
0
479
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
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
95268
95268
97136
97136
95268
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15StreamInspectorV15hidesUsageChunkACSb_tcfCTf4nd_n
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
238205
1247
# Num Bitmap Bytes:
$0

$s9DataPlane15StreamInspectorV7failure4dataAA12OutcomeClassOSgSW_tFZTf4nd_n
# Func Hash:
526279455224132449
# Num Counters:
12
# Counter Values:
1868
1868
0
0
0
1868
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
921097992231296978
# Num Counters:
32
# Counter Values:
99004
0
99004
0
0
1868
0
97136
1868
97136
97136
95268
95268
0
1868
0
0
0
1868
0
0
0
0
0
0
1868
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane15UpstreamRequestVwxx:714615

$s9DataPlane15UpstreamRequestVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF
# Func Hash:
1096621589900846854
# Num Counters:
5
# Counter Values:
0
1868
0
0
1868
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF
# Func Hash:
779599873994418274
# Num Counters:
39
# Counter Values:
238205
238205
238205
0
0
0
0
0
0
0
0
0
0
0
238205
0
0
238205
0
0
0
0
0
0
0
0
238205
236337
238205
0
0
1868
0
0
0
0
238205
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
91420
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
1868
0
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
238205
238205
0
238205
238205
238205
238205
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC7readNow4intoSiSg6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
631255616638129387
# Num Counters:
6
# Counter Values:
238205
119102
0
119102
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
231236
0
0
1868
0
238205
0
0
0
1868
1868
236337
1868
231236
0
0
0
35924
195312
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
257:195312
513:35924
1
1:1868
1
33:1868

$s9DataPlane18UpstreamConnectionC8sendRest2ofyAA0C7RequestV_tYaAA13DirectFailureOYKF
# Func Hash:
804816984907733451
# Num Counters:
14
# Counter Values:
0
0
6969
0
0
0
0
0
0
6969
0
0
6969
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC8takeBody33_0A411E8CDB85EA52D0C6E637C82F3879LL4intoSi6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
423122409776114043
# Num Counters:
33
# Counter Values:
194160
1868
93288
95156
99004
1868
0
0
0
0
99004
0
236337
0
95156
0
0
95156
0
0
0
0
0
0
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
513:236337
3
129:93400
257:3736
9:1868

$s9DataPlane18UpstreamConnectionC9writeHead33_0A411E8CDB85EA52D0C6E637C82F3879LL2ofyAA0C7RequestV_tF
# Func Hash:
648517717914239121
# Num Counters:
90
# Counter Values:
79401
79401
0
0
0
79401
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
79401
0
79401
0
0
0
0
0
0
0
0
0
79401
0
0
0
238205
79401
0
0
238205
0
0
0
0
0
0
0
0
238205
0
0
0
0
0
0
0
0
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
4:238205
1
17:714615
1
9:238205

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
0
1868
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
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
238204
1
0
238204
1
0
238204
0
0
0
0
0
0
0
0
238204
238204
238204
238204
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC10passEvents33_D1570B365338B4AF901897559CD022DALL5atEndS2b_tAA0C5ErrorOYKF
# Func Hash:
263464474997712234
# Num Counters:
46
# Counter Values:
0
0
192292
0
0
1868
0
1868
0
0
0
0
95156
93288
0
93288
0
1868
0
0
93288
0
0
1868
0
0
0
0
0
0
0
0
0
0
0
0
0
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
34029
0
0
0
0
0
0
0
0
0
0
0
34029
0
0
238205
34029
0
0
0
34029
34029
34029
0
34029
0
34029
0
0
0
34029
0
0
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
489549776335907773
# Num Counters:
23
# Counter Values:
1868
0
0
0
0
0
0
0
0
0
0
0
0
1868
1868
0
1868
0
0
0
0
1868
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:1868
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:1868

$s9DataPlane5RelayC11passArrived33_D1570B365338B4AF901897559CD022DALL2onAC7PassageAELLOSgAA18UpstreamConnectionC_tAA0C5ErrorOYKF
# Func Hash:
446858649607133840
# Num Counters:
19
# Counter Values:
0
186576
93288
93288
0
93288
186576
95156
0
0
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
93288
0
1868
91420
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC14markFirstToken33_D1570B365338B4AF901897559CD022DALLyy6Shared13MonotonicTimeV_AA14CompiledTargetCAA7OutcomeCtF
# Func Hash:
567185239224771168
# Num Counters:
5
# Counter Values:
238205
119571
119571
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC4pass33_D1570B365338B4AF901897559CD022DALL5atEndAC7PassageAELLOSgSb_tAA0C5ErrorOYKF
# Func Hash:
744640998981592932
# Num Counters:
20
# Counter Values:
0
93288
0
95156
0
0
93288
0
93288
0
93288
0
0
0
0
93288
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
1868
0
0
1868
0
238205
0
0
0
236337
236337
0
236337
0
0
0
0
0
0
1868
236337
0
0
0
236337
0
236337
0
0
0
236337
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
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:236337

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
1868
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
93288
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC8hasBegun33_D1570B365338B4AF901897559CD022DALLSbyAA12AttemptErrorOYKF
# Func Hash:
46133823782350739
# Num Counters:
16
# Counter Values:
1868
1868
0
0
0
1868
0
0
1868
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
1868
1868
0
0
0
0
0
0
0
1868
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCyAcA16UpstreamExchange_p_AA12ClientStreamCAA13ParsedRequestCAA17AnswerTranslationCSgtcfcTf4ggggn_n
# Func Hash:
942861518290352085
# Num Counters:
5
# Counter Values:
238205
1868
1868
0
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW:238205
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW:238205

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
238205
0
0
0
238205
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
479
0
0
237726
0
# Num Bitmap Bytes:
$0

$s9DataPlane6StagesC5begin33_2B8590A6208F37C908D3E5B8B38BBE22LL___3for_AA9AdmissionVAA4HoldVn_AA13ParsedRequestCAA9RoutePlanCAA6CallerCAA0R7ContextCtAA0O5ErrorOYKF
# Func Hash:
560555359822372010
# Num Counters:
18
# Counter Values:
238205
238205
0
0
0
0
0
238205
0
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
238205
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
238205
238205
0
0
0
238205
195312
195312
0
195312
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
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
238205
0
0
0
0
0
34029
0
0
0
0
0
0
0
34029
0
0
0
0
0
34029
0
0
34029
0
34029
0
0
0
0
0
0
0
34029
0
0
0
0
0
0
0
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
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
1868
0
0
0
0
0
0
236337
0
1868
0
236337
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
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:1868

$s9DataPlane6WalletC4free_3nowyAA11ReservationVn_6Shared13MonotonicTimeVtF
# Func Hash:
651056900308694789
# Num Counters:
8
# Counter Values:
0
333
0
1
0
237872
9
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
@build@/DataPlane.build/BodyUpload.swift.o;$sIegh_ytIeghr_TRTA:333

$s9DataPlane6WalletC5State030_1DF1962F355D8FB6FEA59D00E1A69G1ELLV9takeWokenSayyyYbcGyF
# Func Hash:
650973723263078390
# Num Counters:
8
# Counter Values:
0
239
170
238205
170
0
0
12
# Num Bitmap Bytes:
$0

$s9DataPlane6WorkerC5serve33_090471D369B1196B330D0733DBE31F31LL_4from8isSecureys5Int32V_6Shared9IPAddressVSgSbtYaF
# Func Hash:
1117982120233978268
# Num Counters:
19
# Counter Values:
238056
238056
0
238205
0
238205
0
148
0
0
0
0
0
0
0
0
0
148
0
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOe
# Func Hash:
1124680649989012514
# Num Counters:
4
# Counter Values:
238205
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
238205
238205
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane7OutcomeC6EndingOwxx:3811280

$s9DataPlane7OutcomeC6EndingOWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi3_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
236337
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi5_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1868
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi6_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6ending4kind6statusA2C6EndingO_6Shared07RequestC0OSitcfc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
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
238205
0
0
119326
1
0
239
0
119102
0
119102
0
0
0
0
7
0
1
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
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlaneAAC5start10takingOverySb_tYaAA14StartupProblemVYKFyyYbcfU1_TA:32

$s9DataPlane8AdmitterC6gather33_CB235A385A25FD2BD6ABCD2D96BDF4FALL__3for_AA9WorstCaseVAA13ParsedRequestC_AA9RoutePlanCAA6CallerCAA0R7ContextCtAA14AdmissionErrorOYKF
# Func Hash:
637600720291162622
# Num Counters:
69
# Counter Values:
119102
119102
0
238205
238205
119102
0
119102
0
1
0
0
0
0
119102
0
0
0
0
0
0
0
0
224
118878
224
0
0
0
119102
0
119102
0
119102
0
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
119102
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV10appendDate33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA12ClientStreamC_AA14RequestContextCtFZTf4nnd_n
# Func Hash:
798733567630107643
# Num Counters:
4
# Counter Values:
0
238205
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
238205
0
238205
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
238205
238205
238205
0
238205
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
238205
0
0
0
238205
0
0
238205
238205
238205
0
0
0
0
0
0
238205
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
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:238205
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
2
32:236337
65:1868
0

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA10RateFigureV_s12StaticStringV6Shared10ByteBufferCtFZTf4nnnd_n
# Func Hash:
1081505300803221941
# Num Counters:
13
# Counter Values:
238205
0
238205
0
238205
0
238205
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
9:238205
1
9:238205
1
9:238205

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA11RateFiguresV_6Shared7DialectOAI10ByteBufferCtFZTf4nnnd_n
# Func Hash:
694937219262780316
# Num Counters:
6
# Counter Values:
0
238205
0
0
238205
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV9writeHeld33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtFTf4nnnnd_n
# Func Hash:
653247340575168943
# Num Counters:
12
# Counter Values:
236337
236337
236337
236337
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
238205
238205
238205
238205
238205
238205
238205
238205
0
238205
0
0
238205
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
238205
238205
238205
238205
0
238205
238205
238205
0
2598
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
238205
238205
0
238205
238205
238205
0
0
238204
1
238205
238205
238205
0
0
1
0
238205
0
0
0
23
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
238056
149
149
0
149
238056
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
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
0
0
0
0
0
0
0
0
236337
0
0
0
0
0
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
238205
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
238205
0
0
0
0
0
0
0
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1868
0
0
236337
0
0
0
236337
0
0
0
0
0
0
0
0
0
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
0
0
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
238205
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
238205
0
0
0
0
0
0
238205
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9RenditionVwcp:476410

$s9DataPlane9RenditionVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9RenditionVwxx:952820

$s9DataPlane9RenditionVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane9RenditionVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseV2of_20routeOutputTokensMax14nowUnixSecondsAcA13ParsedRequestC_AA9RoutePlanCs6UInt64VSgs5Int64VtcfCTf4nnnnd_n
# Func Hash:
838107927586551955
# Num Counters:
24
# Counter Values:
238205
0
238205
0
238205
238205
238205
238205
0
0
238205
238205
238205
0
0
0
0
0
0
238205
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
238205
0
0
0
0
0
0
238205
0
238205
0
0
0
238205
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
3353
0
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9WorstCaseVwxx:950904

$s9DataPlane9WorstCaseVwxx
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
237726
0
# Num Bitmap Bytes:
$0

$s9Translate12ConversationVSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

$s9Translate12ConversationVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$s9Translate12ConversationVwet
# Func Hash:
607699200014702880
# Num Counters:
5
# Counter Values:
238205
238205
0
0
0
# Num Bitmap Bytes:
$0

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
2346
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
33624
39228
33624
33624
0
0
5604
5604
0
0
0
0
0
0
0
33624
33624
# Num Bitmap Bytes:
$0

$sSTsSQ7ElementRpzrlE13elementsEqualySbqd__STRd__AAQyd__ABRSlFSW_Says5UInt8VGTg5
# Func Hash:
1031809833016029261
# Num Counters:
8
# Counter Values:
214384
238205
214384
214384
23820
23820
0
214384
# Num Bitmap Bytes:
$0

$sSTsSQ7ElementRpzrlE8containsySbABFSay6Shared14PolicyDocumentV5ModelV4KindOG_Tg5
# Func Hash:
536873289996899879
# Num Counters:
4
# Counter Values:
238205
238205
238205
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
238205
0
119102
0
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
0:238204
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared15ReservationLineV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
238205
0
0
0
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
238205
0
237929
0
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
0:476197
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_s15CollectionOfOneVyAKGTg5Tf4ngn_n
# Func Hash:
280753529378981772
# Num Counters:
16
# Counter Values:
0
1868
0
0
1868
0
0
0
0
0
0
0
0
0
0
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:1868
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF9DataPlane10WalletLineV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
237756
0
237756
0
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
0:237756
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF9DataPlane19ApplicableAllowanceV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
237756
0
237756
0
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
0:237756
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lFs9UnmanagedVy6Shared10ConnectionCG_s15EmptyCollectionVyAKGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
51834
0
51834
0
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
0:51834
0

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lF9DataPlane19ApplicableAllowanceV_SayAGGTg5
# Func Hash:
747141664563648086
# Num Counters:
9
# Counter Values:
238205
1
238204
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
256:238205

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SRyAFGTg5
# Func Hash:
594112149724737211
# Num Counters:
15
# Counter Values:
2900
1032
0
2900
162
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
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
11
9:2124
33:172
4:135
1:101
17:98
5:81
8:64
16:59
6:58
7:6
3:2

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SayAFGTg5
# Func Hash:
747141664563648086
# Num Counters:
9
# Counter Values:
3903
1698
4791
894
1692
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
2:1868
17:1868
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
7806
3396
9582
1788
3384
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
2:3736
17:3736
4:316
1:12
5:2
33:2
257:2

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
1320
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1320

$sScPSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2640
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2640

$sSh8_VariantV6insertySb8inserted_x17memberAfterInserttxnFSS_Tg5
# Func Hash:
11922953061666105
# Num Counters:
5
# Counter Values:
1105
1053
4
0
42
# Num Bitmap Bytes:
$0

$sSh8_VariantV6insertySb8inserted_x17memberAfterInserttxnFSS_Tg5
# Func Hash:
11922954720716284
# Num Counters:
5
# Counter Values:
2210
2106
8
0
84
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
238205
1016
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
238205
238141
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
0
0
1226
0
0
0
0
388
0
0
388
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
238205
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
1422
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV19_uninitializedCount15minimumCapacityAByxGSi_SitcfCs5UInt8V_Tt1gq5
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
3609
3609
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared15ReservationLineV_Tg5
# Func Hash:
326953198419788627
# Num Counters:
9
# Counter Values:
238205
954
237727
0
477
954
0
0
182
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
1
33:958
0
1
0:477368

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared9HTTPFieldV_Tg5
# Func Hash:
326953198419788627
# Num Counters:
9
# Counter Values:
1110
0
1110
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
0:1110

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
1868
1868
1868
0
0
1868
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
1730
1360
713
0
1017
1360
0
0
420
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
32:675
64:339
128:3

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFSS4name_SS5valuet_Tg5
# Func Hash:
1040079910790094222
# Num Counters:
9
# Counter Values:
1730
1360
713
0
1017
1360
0
0
420
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
32:675
64:339
128:3

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFSS_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
2604
1173
1848
0
762
1170
0
0
483
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
32:306
64:51
33:3
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
4167
4113
2156
0
2011
4107
0
0
1076
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
4
1:1868
0:282
129:3
65:3
0
10
17:1791
65:60
129:57
8:51
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
8334
8226
4312
0
4022
8214
0
0
2152
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
4
1:3736
0:564
65:6
129:6
0
10
17:3582
65:120
129:114
8:102
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
1356
1356
1026
0
330
1356
0
0
162
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
9
16:98
32:78
64:64
128:44
256:26
512:10
33:4
65:4
129:2
0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFSS_Tg5
# Func Hash:
607699200200471043
# Num Counters:
5
# Counter Values:
3960
3654
3591
3846
408
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFSv_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
682
3
1023
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFs5Int32V_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
3638
2416
2644
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFs6UInt64V_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
238203
0
238205
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFSS_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3846
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFSv_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1023
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFs5Int32V_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2644
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFs6UInt64V_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

$ss32_copyCollectionToContiguousArrayys0dE0Vy7ElementQzGxSlRzlFSW_Tgq5
# Func Hash:
140494398835109188
# Num Counters:
5
# Counter Values:
2348
2348
2348
2348
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
65:720
17:672
33:560
4:316
129:66
513:6
256:4
257:4

$ss32_copyCollectionToContiguousArrayys0dE0Vy7ElementQzGxSlRzlFs5SliceVySWG_Tg5
# Func Hash:
753202735731381035
# Num Counters:
7
# Counter Values:
8163
8160
8160
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
2720
0
2720
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
9:1017
17:341
4:341
16:336
8:336
2:280
3:60
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
2720
0
2720
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
9:1017
17:341
4:341
16:336
8:336
2:280
3:60
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
2720
0
2720
0
0
0
0
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
9:1017
17:341
4:341
16:336
8:336
2:280
3:60
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
6969
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
238205
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
42893
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:42893

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0.13
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
43013
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
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
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
238205
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
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1868
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC8sendRest2ofyAA0C7RequestV_tYaAA13DirectFailureOYKF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
6969
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
6969
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:6969

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
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
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC5carry4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
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
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC8passNext33_D1570B365338B4AF901897559CD022DALLAC7PassageAELLOSgyYaAA0C5ErrorOYKF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC8passNext33_D1570B365338B4AF901897559CD022DALLAC7PassageAELLOSgyYaAA0C5ErrorOYKF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
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
42893
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextCtYaF.0.15
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
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
1868
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
238205
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
238205
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
238205
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
238205
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
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:238205

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
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
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;weir_json_structure_count
# Func Hash:
694937221278060868
# Num Counters:
8
# Counter Values:
7942
0
0
0
238205
55595
222320
23826
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;weir_monotonic_ns
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF.0.7
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1868
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1868

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3736
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
4
** External Symbol **:238354
** External Symbol **:238205
** External Symbol **:43013
** External Symbol **:2

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
6969
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
6969
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
6969
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:6969

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flushyyYaAA0B5ErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
6970
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
6970
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
2
** External Symbol **:6969
** External Symbol **:1

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC8sendSome33_2D9D6228BD983C6F09872573D25A3879LLySiSWYaAA0B5ErrorOYKF.0.13
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
13939
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
2
** External Symbol **:6970
** External Symbol **:6969

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11LevelSignalC4wait6beyond7timeouts6UInt64VAH_s8DurationVtYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1014
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA
# Func Hash:
238984481002779099
# Num Counters:
3
# Counter Values:
238205
238205
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA
# Func Hash:
536873293052540031
# Num Counters:
4
# Counter Values:
238205
0
238205
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2452
# Num Bitmap Bytes:
$0

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
238205
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;weir_crc32c
# Func Hash:
536873293414254958
# Num Counters:
3
# Counter Values:
238205
26467
6616
# Num Bitmap Bytes:
$0

__swift_allocate_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1680
0
# Num Bitmap Bytes:
$0

__swift_async_resume_get_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

__swift_async_resume_project_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

__swift_destroy_boxed_opaque_existential_1
# Func Hash:
728453322856651412
# Num Counters:
2
# Counter Values:
76815
1845
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
5
__swift_noop_void_return:41310
** External Symbol **:35370
** External Symbol **:45
$s6Shared6SecretVwxx:45
$s9DataPlane24CrossOriginConfigurationVwxx:45

__swift_instantiateConcreteTypeFromMangledName
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
238205
35
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
9416
# Num Bitmap Bytes:
$0

__swift_memcpy0_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
5272
# Num Bitmap Bytes:
$0

__swift_memcpy16_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
37195
# Num Bitmap Bytes:
$0

__swift_memcpy1_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

__swift_memcpy24_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
16236
# Num Bitmap Bytes:
$0

__swift_memcpy9_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
5538
# Num Bitmap Bytes:
$0

__swift_mutable_project_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
2160
0
# Num Bitmap Bytes:
$0

__swift_noop_void_return
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
238205
# Num Bitmap Bytes:
$0

__swift_project_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
60415
172
# Num Bitmap Bytes:
$0

_swift_implicitisolationactor_to_executor_cast
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
238205
816
# Num Bitmap Bytes:
$0
