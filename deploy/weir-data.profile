# IR level Instrumentation Flag
:ir
$s6Shared10BufferPoolC4giveyySv_SitF
# Func Hash:
844982799177007476
# Num Counters:
4
# Counter Values:
461287
423136
423133
0
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC4takeySvSiF
# Func Hash:
238984482720105921
# Num Counters:
3
# Counter Values:
36927
461287
450909
# Num Bitmap Bytes:
$0

$s6Shared10BufferPoolC8allocateySvSiFZTf4nd_n
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
211189
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC4move33_D3B13E5A4E32F39A273355388B5EAD5ALL2toySi_tF
# Func Hash:
656349717251111912
# Num Counters:
5
# Counter Values:
461287
25105
25104
652
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
513:80580
129:68474
33:1

$s6Shared10ByteBufferC4trim10completelyySb_tF
# Func Hash:
391331299916125692
# Num Counters:
7
# Counter Values:
0
461287
376459
205632
205239
205239
393
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append11hexadecimalys6UInt64V_tF
# Func Hash:
454381971115151227
# Num Counters:
10
# Counter Values:
208131
208131
109698
98433
94209
0
0
0
0
109698
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6append7decimalys6UInt64V_tF
# Func Hash:
1152385649408372892
# Num Counters:
12
# Counter Values:
461287
128667
0
309835
67838
203952
119680
65727
0
117608
0
38
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyyAA8ObjectIDVF
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
461287
0
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferC6appendyySays5UInt8VGF
# Func Hash:
700171237495097698
# Num Counters:
3
# Counter Values:
461287
369031
9
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
6
9:922702
3:461351
17:461351
257:47
129:3
65:1

$s6Shared10ByteBufferC7compactyyF
# Func Hash:
948827212462674938
# Num Counters:
8
# Counter Values:
2112
2112
0
2112
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
11865
11866
461287
0
0
0
0
0
0
670
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
461287
131796
395388
0
65898
65898
65898
0
0
0
0
0
197694
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s6Shared10ByteBufferCfD
# Func Hash:
798733564143708249
# Num Counters:
4
# Counter Values:
461287
459502
459077
1732
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11endPatienceyyF
# Func Hash:
650973721862731018
# Num Counters:
9
# Counter Values:
461287
2111
0
2111
0
2111
0
2111
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC11flushInTurnSbyAA0B5ErrorOYKF
# Func Hash:
5832819038639850
# Num Counters:
12
# Counter Values:
0
461287
461287
461287
461287
461287
461287
461287
429851
429851
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
461287
461212
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
461287
461272
29
14
14
0
0
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF
# Func Hash:
974670607431169457
# Num Counters:
6
# Counter Values:
0
0
0
2112
2112
2112
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC14joinThoseApart33_2D9D6228BD983C6F09872573D25A3879LLyyF
# Func Hash:
974670605046498639
# Num Counters:
7
# Counter Values:
2112
2112
2048
2048
0
2048
0
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
461287
0
0
1
0
461287
424496
425093
0
87
0
425093
87
0
0
0
0
0
87
0
87
68
0
0
0
0
0
461199
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC4take33_2D9D6228BD983C6F09872573D25A3879LLyys6UInt32VF
# Func Hash:
45352972294364454
# Num Counters:
14
# Counter Values:
41476
461287
458613
461287
0
67
458613
28
417137
0
42427
0
41476
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
$s9DataPlane5RelayC6Shared12ArrivalTakerAadEP05takesE0SbyFTW:94209

$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF
# Func Hash:
448268672000951028
# Num Counters:
10
# Counter Values:
9994
9994
0
0
0
0
0
0
9994
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
9995
9995
9995
9995
9995
0
0
0
9995
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC5readyyys6UInt32VF
# Func Hash:
1124680651458071552
# Num Counters:
3
# Counter Values:
48248
461287
48124
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC7fillNowSiSgyAA0B5ErrorOYKF
# Func Hash:
391331304109403451
# Num Counters:
6
# Counter Values:
0
188418
94209
0
94209
94209
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC7isQuietSbyF
# Func Hash:
647472251207731453
# Num Counters:
13
# Counter Values:
0
461287
461287
461287
461287
0
461287
461287
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
79
79
0
0
461287
0
427878
143
428281
79
428281
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
90575
0
90575
0
0
90575
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
70586
70586
70586
70586
70586
70586
0
70586
70586
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
19989
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP03endF0yyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1078
# Num Bitmap Bytes:
$0

$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW
# Func Hash:
543243706643223905
# Num Counters:
4
# Counter Values:
461287
0
461287
461287
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
555
13940
62154
0
1115
1115
1115
1115
0
555
0
555
0
555
0
555
0
0
0
555
0
555
0
555
555
555
555
0
555
555
555
0
0
0
0
0
0
0
0
0
0
0
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

$s6Shared10CurlFieldsC6appendyySS_SStF
# Func Hash:
1101334238656270887
# Num Counters:
11
# Counter Values:
0
1115
0
0
0
0
0
1115
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
203
0
0
0
0
0
28
203
0
0
1524
0
0
1524
0
0
0
0
0
0
0
0
0
0
0
0
28
0
# Num Bitmap Bytes:
$0

$s6Shared10JSONNumberV7integer2asxSgxm_ts17FixedWidthIntegerRzlFs6UInt64V_Tt0g5
# Func Hash:
869069516477105963
# Num Counters:
28
# Counter Values:
1584
0
0
0
0
0
0
1584
0
0
8997
0
0
8997
0
0
0
0
0
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
3393
3054
2424
56
1097
56
0
341
# Num Bitmap Bytes:
$0

$s6Shared10JSONObjectV6MemberVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1029
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
461287
461287
461287
17
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
461287
461287
0
230643
115321
115321
461287
0
57660
57660
0
57660
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
230643
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
9:461351

$s6Shared10LineBufferC5fieldyys12StaticStringV_SStF
# Func Hash:
574160708867908034
# Num Counters:
23
# Counter Values:
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
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
7:461351
0

$s6Shared10LineBufferC5flushyyF
# Func Hash:
538256027862876729
# Num Counters:
14
# Counter Values:
0
5264
0
0
5264
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
461287
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
2:922702
7:461351
17:461351

$s6Shared10LineBufferC6append6digitsys6UInt64V_tF
# Func Hash:
477729238748202186
# Num Counters:
14
# Counter Values:
0
82409
337489
0
82409
375
412036
194714
461287
0
0
0
0
236102
# Num Bitmap Bytes:
$0

$s6Shared10LineBufferC6append6quotedyAA8ObjectIDV_tF
# Func Hash:
141929912687440435
# Num Counters:
10
# Counter Values:
461287
0
461287
461287
461287
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
461287
0
331334
0
331334
0
0
331334
267648
0
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
9:922702
4:461351
17:461351
7:461351

$s6Shared10MappedFileC4zeroyySnySiGF
# Func Hash:
1096621590428046654
# Num Counters:
5
# Counter Values:
2422
2422
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
2048
0
16
0
0
0
16
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
461287
0
0
0
0
0
0
0
0
0
0
0
0
461287
461287
461287
461287
461287
461287
461287
461287
461287
# Num Bitmap Bytes:
$0

$s6Shared10PriceLinesV9worstCaseyAA5MoneyVAA10UsageBoundVF
# Func Hash:
26069070958282342
# Num Counters:
29
# Counter Values:
461287
461287
0
0
0
0
0
461287
0
0
0
0
0
0
0
461287
461287
461287
461287
461287
461287
461287
461287
461287
461287
461287
461287
461287
461287
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
461287
0
0
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
3360
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwcp:3360

$s6Shared11CurlRequestVWOc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1120
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
6720
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared11CurlRequestVwxx:6720

$s6Shared11CurlRequestVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1680
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1120
# Num Bitmap Bytes:
$0

$s6Shared11CurlRequestVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1680
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
2235
2235
2235
558
558
0
0
0
1119
# Num Bitmap Bytes:
$0

$s6Shared11JSONScannerV10skipNumber33_4EDAB8B9DBB0914484658ACD81E1932CLLyyAA9JSONErrorVYKF
# Func Hash:
518052719210190414
# Num Counters:
27
# Counter Values:
0
461287
1652
997
63401
0
0
0
397570
0
0
0
0
398225
398224
398224
63401
0
0
63401
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
461287
2898
0
0
9697
0
8
1932
0
0
0
12595
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
58501
0
0
0
0
201743
0
0
0
0
461286
58501
1
1
256797
0
0
461287
0
0
0
0
0
84426
318598
0
0
188598
116855
58354
0
0
188478
0
0
116855
58354
1
1
64199
0
0
0
0
0
0
58233
110378
0
0
0
110378
0
116735
0
116735
116735
0
116586
0
201743
116586
0
0
0
0
201742
0
201743
201743
201139
0
0
201139
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
293546
0
41935
0
0
0
0
461287
461287
167740
0
0
0
0
0
293546
293546
0
0
0
0
0
41935
251611
0
0
0
0
41935
0
0
0
0
0
0
0
0
0
0
293546
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
153762
0
0
153762
0
0
0
0
0
0
0
0
0
0
0
0
0
0
153762
0
153762
0
153762
0
153762
461287
461287
0
461287
0
230643
461287
0
461287
307524
230643
307524
0
0
0
0
0
153762
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
461287
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
461287
461287
0
329490
0
65898
0
0
0
263592
0
0
0
0
0
0
0
0
0
197694
197694
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
461287
461287
0
0
0
0
0
0
0
0
0
0
0
0
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
92257
92257
0
92257
0
0
0
0
0
0
0
0
0
0
0
369029
0
0
0
0
461287
461287
0
461287
0
0
184514
461287
461287
0
0
0
461287
0
0
369029
184514
461287
0
0
92257
92257
0
0
0
0
92257
0
92257
92257
92257
92257
0
92257
92257
0
0
0
0
0
0
0
0
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
57660
0
0
0
0
57660
0
0
0
0
0
0
0
57660
0
0
0
461287
461287
0
0
0
461287
57660
461287
403626
461287
115321
0
461287
403626
403626
172982
0
403626
57660
57660
0
0
0
0
0
0
0
0
0
0
57660
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
230643
0
0
0
0
0
230643
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA:922702
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA:922702

$s6Shared11OpenAIUsageV8scanning2inACSgSW_SnySiGtcfC
# Func Hash:
653247339991611320
# Num Counters:
15
# Counter Values:
0
0
0
2112
0
0
0
0
0
2112
0
2112
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
558
2793
2793
2793
558
2793
558
558
558
0
0
0
0
558
0
558
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
17:1115
33:562
2:558
32:556
65:2

$s6Shared12CurlTransferC9configure33_0E38B399ADBA6DF5950CB410954CC2E4LLySbAA0B4EasyC_AA0B7RequestVtFSiSpys4Int8VGSg_S2iSvSgtcfU_To
# Func Hash:
844982797978621669
# Num Counters:
4
# Counter Values:
3351
3351
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
461287
461287
22
461287
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
17:461351

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
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordV6encode4intoSiSw_tF
# Func Hash:
830346928475628862
# Num Counters:
107
# Counter Values:
461287
0
0
0
0
0
0
0
0
0
0
230643
0
0
0
0
0
0
230643
0
0
0
0
0
230643
0
230643
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
230643
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
0:461351
0

$s6Shared12IntentRecordV9requestID23startedUnixMilliseconds012organizationE004teamE0010virtualKeyE005routeE008providerE005modelE005priceE08reserved8endpoint8isStream7endUser5lines8shadowOfAcA06ObjectE0V_s5Int64VA2tA07VirtuallE0VA4tA5MoneyVAA8EndpointOSbSSSayAA15ReservationLineVGATSgtcfC
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOg
# Func Hash:
382993475055910911
# Num Counters:
2
# Counter Values:
461287
461287
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:4613510

$s6Shared12IntentRecordVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVSgWOi_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s6Shared12IntentRecordVwet
# Func Hash:
607699200014702880
# Num Counters:
5
# Counter Values:
461287
461287
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
452
461287
452
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
230643
461287
0
0
0
0
0
0
0
0
0
0
230643
230643
0
0
0
0
0
0
0
230643
0
0
0
0
0
230643
0
230643
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
230643
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
0:461351
0

$s6Shared12SettleRecordVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s6Shared12SettleRecordVwxx:461351

$s6Shared12SettleRecordVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s6Shared12ValueDecoder33_3BF43D389E7A9987E0D91154C2E57CFFLLCADs0C0AAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1476
2
# Num Bitmap Bytes:
$0

$s6Shared13HistogramCellC7observeyys6UInt64VF
# Func Hash:
844982798453876794
# Num Counters:
4
# Counter Values:
461287
11019
450267
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
240048
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
2112
0
2112
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
2112
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
461287
1223
64849
66072
64849
132145
0
120652
66072
0
64849
0
0
0
0
66072
0
0
1223
0
64849
0
0
0
0
0
0
0
1223
# Num Bitmap Bytes:
$0

$s6Shared14JSONFieldNamesV13indexOfLength028_FA7D9AC27D49DFBCBE548EAEFF0H3FECLL_2inSiSgSnySiG_SWtF
# Func Hash:
657568767408109133
# Num Counters:
29
# Counter Values:
29033
0
28773
425756
0
0
312091
312091
461287
0
0
312091
0
461287
120811
120811
0
120811
120421
0
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

$s6Shared14WakeModerationV6looked2at5found6awokenys6UInt64V_SiSbtF
# Func Hash:
1011877328303003174
# Num Counters:
9
# Counter Values:
1567
1525
18
1525
0
0
0
1549
18
# Num Bitmap Bytes:
$0

$s6Shared15DescriptorWatchC11setInterest8readable8writableySb_SbtF
# Func Hash:
198238755270545639
# Num Counters:
9
# Counter Values:
501
501
0
0
557
0
0
1054
501
# Num Bitmap Bytes:
$0

$s6Shared15DescriptorWatchC5closeyyF
# Func Hash:
844982796532891667
# Num Counters:
4
# Counter Values:
1113
0
557
0
# Num Bitmap Bytes:
$0

$s6Shared15DescriptorWatchC5readyyys6UInt32VF
# Func Hash:
675064525046553346
# Num Counters:
8
# Counter Values:
554
0
0
4681
4127
0
554
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
@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA:4681

$s6Shared15DescriptorWatchC9ReadinessVIegy_SgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
17382
15711
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
6018
824
0
0
603
61
96
1
1
0
0
0
0
8
0
0
824
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
1296
3496
0
526
0
1085
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
1121
993
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
1117
# Num Bitmap Bytes:
$0

$s6Shared15ObjectContainer33_3BF43D389E7A9987E0D91154C2E57CFFLLVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1720
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsV10takeObject028_FA7D9AC27D49DFBCBE548EAEFF0G3FECLL2in__SiSnySiG_AA14JSONFieldNamesVSWtAA9JSONErrorVYKF
# Func Hash:
981446175727855781
# Num Counters:
15
# Counter Values:
0
0
0
0
461287
0
0
0
0
0
461287
0
0
0
0
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
87948
0
0
0
108295
0
0
0
0
0
0
0
0
0
0
0
0
0
20347
87948
0
87948
0
0
0
87948
0
0
0
0
87948
374136
461287
0
461287
373338
1595
433758
0
461287
0
0
461287
461287
373338
371742
108295
0
91140
370146
0
461287
352991
0
3989
0
0
90342
398
108295
0
90342
398
86751
0
0
0
0
0
0
0
88746
88746
0
0
0
0
0
0
0
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

$s6Shared16JSONObjectFieldsV8scanning3for5afterACSW_AA14JSONFieldNamesVAA8JSONLeadVztAA9JSONErrorVYKcfC
# Func Hash:
962698665721566946
# Num Counters:
13
# Counter Values:
304128
0
107712
2112
107712
2112
2112
0
107712
0
0
2112
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
129:107712

$s6Shared16JSONObjectFieldsV8scanning3forACSW_AA14JSONFieldNamesVtAA9JSONErrorVYKcfC
# Func Hash:
942389667449461396
# Num Counters:
3
# Counter Values:
0
461287
0
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsVSgWOg
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
4224
4224
# Num Bitmap Bytes:
$0

$s6Shared16JSONObjectFieldsVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
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
205016
461287
0
0
51254
51254
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
1692
90
# Num Bitmap Bytes:
$0

$s6Shared18ConfigurationFieldV4KindOWOy
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1173
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
2400
2400
0
0
2208
0
2172
212
20
0
59
208
208
206
203
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
192
0
127
0
0
0
0
0
0
0
0
140
0
0
0
95
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
__swift_noop_void_return:2400
0
1
__swift_noop_void_return:228
0
1
__swift_noop_void_return:226
0

$s6Shared18LoopSerialExecutorC7enqueueyys0D3JobVnF
# Func Hash:
45209324660154954
# Num Counters:
15
# Counter Values:
0
4201
0
0
0
0
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
4130
1
# Num Bitmap Bytes:
$0

$s6Shared18LoopSerialExecutorCScfAAScf7enqueueyys0D3JobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
4201
# Num Bitmap Bytes:
$0

$s6Shared18PatientDescriptorsC10timerFiredyyF
# Func Hash:
896858938035757100
# Num Counters:
10
# Counter Values:
1549
0
1
1548
0
1548
0
0
0
0
# Num Bitmap Bytes:
$0

$s6Shared18PatientDescriptorsC4lookyyF
# Func Hash:
905394530430530948
# Num Counters:
15
# Counter Values:
0
162
0
0
0
0
0
0
1628
0
0
96427
1549
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
$s6Shared10ConnectionC5readyyys6UInt32VF:96427

$s6Shared20UsageAcknowledgementV10CodingKeys33_CBCC661437D7B3308244680C8280047ALLOAFs0D3KeyAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1016
2
# Num Bitmap Bytes:
$0

$s6Shared20UsageAcknowledgementV10CodingKeys33_CBCC661437D7B3308244680C8280047ALLOs0D3KeyAAsAGP11stringValueSSvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1016
# Num Bitmap Bytes:
$0

$s6Shared6CRC32CO8checksumys6UInt32VSWFZTf4nd_n
# Func Hash:
238984482966880379
# Num Counters:
3
# Counter Values:
461287
461287
0
# Num Bitmap Bytes:
$0

$s6Shared8EndpointO9DataPlaneE10makesMediaSbvg
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s6Shared8EndpointO9DataPlaneE9modelKindAA14PolicyDocumentV5ModelV0F0OSgvg
# Func Hash:
331779890349618237
# Num Counters:
14
# Counter Values:
461287
0
0
0
0
461287
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
1096621589089251762
# Num Counters:
5
# Counter Values:
461287
461287
461287
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
461287
461287
230606
230606
0
230606
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
52221
461287
52221
0
0
52221
21669
8703
0
0
0
0
0
8703
52221
0
175550
52221
0
52221
0
8703
44997
8703
0
0
8703
0
0
0
8703
0
0
52221
52221
17407
0
0
0
0
0
0
52221
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
461287
461287
461287
0
0
461287
230782
0
230504
0
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC13parseResponse_12headBytesMax14requestWasHeadSbSW_SiSbtAA9HTTPErrorOYKF
# Func Hash:
975224236841123310
# Num Counters:
46
# Counter Values:
39532
461287
39532
0
0
0
39532
13169
13091
60
0
0
0
0
13152
39532
0
66064
39532
0
39532
0
13152
26380
0
60
0
13152
60
0
13152
0
0
39532
60
39532
13152
13091
0
0
0
0
0
0
0
39532
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC15parseStatusLine33_7AE0FF0CCDAA2990CC7930521E3D2007LLySiSWAA9HTTPErrorOYKF
# Func Hash:
477345292250659520
# Num Counters:
21
# Counter Values:
153762
0
307524
0
0
153762
461287
153762
0
0
0
0
153762
153762
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
72834
461287
0
24278
0
24278
0
0
0
0
0
0
24278
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
461287
461287
115321
# Num Bitmap Bytes:
$0

$s6Shared8HTTPHeadC5reset33_7AE0FF0CCDAA2990CC7930521E3D2007LLyyF
# Func Hash:
798733565748405073
# Num Counters:
4
# Counter Values:
461287
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
41890
0
0
41890
0
461287
419396
53
28
0
0
25
0
0
25
0
0
25
0
0
0
0
41915
0
0
0
41915
0
0
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
1407
306882
461287
0
153700
0
0
0
0
0
703
0
306882
703
306882
0
0
0
0
0
0
306882
0
703
0
703
0
703
0
703
0
703
0
703
0
0
0
0
0
703
0
703
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
461287
8261
8261
8261
# Num Bitmap Bytes:
$0

$s6Shared8KeyShardV5MatchV5keyIDAA07VirtualbF0Vvg
# Func Hash:
844982796950093491
# Num Counters:
4
# Counter Values:
461287
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
461287
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
461287
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
461287
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
72
72
72
0
0
2592
2304
0
862
72
0
72
0
0
0
0
0
0
0
0
0
0
2664
2592
1152
1152
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
2112
4224
2112
2112
2112
2112
2112
0
0
0
0
0
2112
0
2112
0
0
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
111936
223872
111936
111936
111936
111936
111936
0
0
0
0
0
111936
0
111936
0
0
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
1613
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC2onAcA9EventLoopC_tcfcs5Int32VSvSg_SiAItcfU1_To
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
1564
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC3act33_79F84F1BEB3152D297E194321662D382LLyys5Int32V_AGtF
# Func Hash:
93478050032399937
# Num Counters:
7
# Counter Values:
558
558
558
558
558
5240
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC5watch33_79F84F1BEB3152D297E194321662D382LLyys5Int32V_AGtF
# Func Hash:
135188636076631350
# Num Counters:
7
# Counter Values:
556
556
1056
556
501
0
0
# Num Bitmap Bytes:
$0

$s6Shared9CurlMultiC8schedule33_79F84F1BEB3152D297E194321662D382LLyySiF
# Func Hash:
287486627679185837
# Num Counters:
5
# Counter Values:
1123
563
441
0
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
4127
554
0
0
554
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC13waitForEvents33_8862E2AA8E69D42B32DB7328A5911912LL4into8capacitySiSpySo11epoll_eventVG_SitF
# Func Hash:
796536983154605324
# Num Counters:
20
# Counter Values:
0
0
22507
126448
104410
0
21
684
103705
0
0
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
457391827487212454
# Num Counters:
70
# Counter Values:
0
0
234053
0
234053
234053
0
0
234053
0
0
0
0
0
461287
461286
0
0
0
2075
459211
0
0
0
0
7314
0
1630
0
0
7314
0
0
0
112866
50153
0
0
17772
0
461015
0
157
234053
0
62712
461016
216280
2
2
461016
0
0
461016
62709
50303
0
239
9
9
9
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
2
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
4
$s6Shared10ConnectionC5readyyys6UInt32VF:928097
$s6Shared15DescriptorWatchC5readyyys6UInt32VF:4681
$s6Shared14ReadinessProbeC5readyyys6UInt32VF:182
$s6Shared8ListenerC5readyyys6UInt32VF:85
3
$s6Shared18PatientDescriptorsC10timerFiredyyF:1549
$s6Shared9LoopTimerC10timerFiredyyF:1210
$s6Shared11LevelSignalC6Waiter33_EA978A5BD64C8569A99FBBC6C89D585DLLC10timerFiredyyF:540
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
1
0:14803

$s6Shared9EventLoopC4name17gatherNanosecondsACSS_s6UInt64VtAA11SystemErrorVYKcfc
# Func Hash:
927205939025231871
# Num Counters:
8
# Counter Values:
1530
378
0
0
0
6
0
1
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
1211
316
315
0
0
0
331
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC6disarmyyAA10TimerEntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
6276
2293
0
1377
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
461287
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

$s6Shared9EventLoopC7linesUp_7arrivalyAA10ConnectionC_SbtF
# Func Hash:
974670606670398687
# Num Counters:
6
# Counter Values:
0
96763
0
94163
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
461287
461287
461287
0
0
461287
0
0
0
0
0
0
126556
0
0
0
102558
0
0
0
0
0
0
22147
0
461287
439139
0
0
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopC9serveLine33_8862E2AA8E69D42B32DB7328A5911912LL7besidesySi_tF
# Func Hash:
45209323814156218
# Num Counters:
16
# Counter Values:
199779
96763
96763
0
3
96763
0
523
126923
96176
0
0
64
0
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
895
5
0
0
126928
5
6
0
315
4
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
@build@/Shared.build/ConfigurationField.swift.o;$sIegh_ytIeghr_TRTA:1211

$s6Shared9EventLoopCACSchAAWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
1310
5
# Num Bitmap Bytes:
$0

$s6Shared9EventLoopCSchAASch7enqueueyys11ExecutorJobVnFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
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
46128
0
461287
415158
0
46128
0
46128
230643
0
46128
46128
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
461287
0
1
461286
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
145028
461287
461287
145028
145028
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
296
0
0
0
51496
0
0
0
0
51200
0
0
0
0
296
0
0
0
0
0
0
102697
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
51496
0
61
0
1
51496
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
51497
51200
0
0
0
296
0
0
51496
0
0
296
296
0
461287
51496
51496
0
0
0
0
51496
0
0
0
0
0
468
51200
0
102228
153663
0
204864
51200
0
51200
51200
0
0
0
0
0
102697
0
51200
0
0
0
51496
0
247
51200
51496
0
0
0
51200
0
0
0
0
51200
51200
0
0
0
0
0
0
0
51200
296
0
0
0
0
102697
0
0
0
0
51200
0
51200
0
0
51200
0
0
0
0
0
51200
0
0
0
0
234
0
0
102228
102462
0
0
51200
0
0
0
0
0
0
0
0
0
51200
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
51200
0
51200
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
51435
0
234
# Num Bitmap Bytes:
$0

$s6Shared9HTTPBytesO9isExactlyySbSW_SnySiGSays5UInt8VGtFZ
# Func Hash:
395509790186068438
# Num Counters:
3
# Counter Values:
461287
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
9:461351

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
2112
0
2112
0
0
0
0
0
0
0
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
2112
# Num Bitmap Bytes:
$0

$s6Shared9JSONEditsV7replace_4withySnySiG_Says5UInt8VGtF
# Func Hash:
436124198163428156
# Num Counters:
14
# Counter Values:
0
2112
0
0
0
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
461287
461287
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
461287
0
0
461287
0
0
153762
0
0
0
0
0
0
0
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
461287
0
0
461287
0
0
153762
0
0
0
0
0
0
0
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
70350
70350
# Num Bitmap Bytes:
$0

$s6Shared9JSONValueOWOe
# Func Hash:
844982797069585453
# Num Counters:
5
# Counter Values:
461287
267615
21901
36189
134329
# Num Bitmap Bytes:
$0

$s6Shared9JSONValueOWOy
# Func Hash:
844982797069585453
# Num Counters:
5
# Counter Values:
461287
194356
23367
29771
212443
# Num Bitmap Bytes:
$0

$s6Shared9LoopActorCScAAAScA15unownedExecutorScevgTW
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
4124
0
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerC3arm5afterys8DurationV_tF
# Func Hash:
854638109871679912
# Num Counters:
11
# Counter Values:
123
2396
0
2281
0
2404
2281
2
2
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
1540
# Num Bitmap Bytes:
$0

$s6Shared9LoopTimerCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1529
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLength_5atEndSiSgSW_SbtF
# Func Hash:
959085193070499304
# Num Counters:
5
# Counter Values:
206145
0
0
94209
94209
# Num Bitmap Bytes:
$0

$s6Shared9SSEFramerV11eventLengthySiSgSWF
# Func Hash:
141929912967925097
# Num Counters:
12
# Counter Values:
114048
114048
0
208257
94209
0
114048
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
129753
4
0
0
0
0
130215
3299
0
# Num Bitmap Bytes:
$0

$s6Shared9TimerHeapV6removeyyAA0B5EntryCF
# Func Hash:
694937220315561109
# Num Counters:
6
# Counter Values:
3299
3299
0
2851
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
19861
15423
10416
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
14121
13908
4301
0
0
660
3001
0
0
0
0
0
0
0
0
0
0
3570
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
265842480932728113
# Num Counters:
29
# Counter Values:
0
0
0
0
461287
461287
461287
0
461287
0
461287
0
461287
0
0
0
0
0
0
461287
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
461287
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
461228
459462
1888
1
122
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
461287
0
0
0
0
461287
0
9992
63
0
0
63
461223
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
0
0
0
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
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW:461351
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
1141
0
1141
0
1141
1107
1107
0
0
0
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

$s9DataPlane10WalletCoreV11forgetLines33_6F4A5FC6971A0BD9302CF9F9DEFE2183LLyySiF
# Func Hash:
325048436586445221
# Num Counters:
15
# Counter Values:
461287
0
461287
230643
230643
0
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
1141
529
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV11makeAskable33_5B097A68B979026294F0255E67598D9FLL_6atOnceySi_SbtF
# Func Hash:
3603320328512463
# Num Counters:
15
# Counter Values:
25778
40
22665
40
0
26
588
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

$s9DataPlane10WalletCoreV11rateFigures_3nowAA04RateF0VAA6HoldIDV_6Shared13MonotonicTimeVtFTf4ndn_n
# Func Hash:
471512440271180171
# Num Counters:
38
# Counter Values:
230643
0
0
0
0
461287
461287
0
0
0
461287
230643
0
0
0
0
0
0
0
0
0
230643
230643
230643
0
0
0
0
0
0
0
461287
461287
0
0
0
230643
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
2979
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
1141
0
34
0
0
0
0
0
0
0
0
0
0
0
0
0
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
1014
482
29
0
447
44
418
15
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
461287
1
461286
461286
0
0
0
0
0
0
0
0
0
461286
461286
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV15vacantOrNewSlot33_6F4A5FC6971A0BD9302CF9F9DEFE2183LLSiyF
# Func Hash:
287486624829984416
# Num Counters:
5
# Counter Values:
461287
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
4564
2282
0
0
2282
2282
2282
1205
1205
1141
1141
0
0
0
0
0
0
0
0
0
0
0
0
0
0
1077
1077
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
4182
2091
0
2282
0
2091
2091
2091
1141
984
950
1141
34
1141
0
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
576437184904796859
# Num Counters:
55
# Counter Values:
31
0
461287
0
461287
460717
31
460717
230912
230912
460717
0
0
0
31
0
0
0
0
230342
0
230374
12300
569
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
1014
0
1
0
0
0
0
0
0
0
8
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
2028
0
1014
0
0
1014
1014
0
1014
0
1014
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
2911
0
2847
0
5694
2847
2028
1014
0
2847
0
2847
0
2069
0
2847
2847
2847
2847
1014
127
0
0
1141
1
127
1706
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
461287
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
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
461287
0
230643
230643
1
230643
230643
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
461287
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
1107
1107
1141
1141
1107
0
0
34
0
0
0
0
0
0
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
231151
231151
461287
0
0
0
0
231151
0
508
230643
230643
0
0
0
0
0
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
821455151246205411
# Num Counters:
31
# Counter Values:
844
461287
0
0
0
230643
230643
466
0
230643
0
230643
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
230643
230643
230643
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreV8makeLine33_6F4A5FC6971A0BD9302CF9F9DEFE2183LL_7accounts5Int32VAA0cF0V_SitF
# Func Hash:
596847752106025929
# Num Counters:
15
# Counter Values:
461223
461287
63
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

$s9DataPlane10WalletCoreV9isWaitingySbAA6HoldIDVF
# Func Hash:
844982796950093491
# Num Counters:
4
# Counter Values:
1014
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
1706
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletCoreVwcp:1706

$s9DataPlane10WalletCoreVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1706
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletCoreVwxx:1706

$s9DataPlane10WalletCoreVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1706
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletCoreVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1706
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletLineVwcp:5536218

$s9DataPlane10WalletLineVWOc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane10WalletLineVwxx:3690808

$s9DataPlane10WalletLineVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane10WalletLineVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane11AttemptMarkVwcp:4613510

$s9DataPlane11AttemptMarkVWOc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane11AttemptMarkVwxx:9227020

$s9DataPlane11AttemptMarkVWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane11AttemptMarkVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC5count__19elapsedMicroseconds08overheadG0yAA7OutcomeC_AA14RequestContextCs6UInt64VALtF
# Func Hash:
647472252767561988
# Num Counters:
13
# Counter Values:
461287
461287
1
0
461287
1
461287
1
461286
461286
461286
461286
0
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC10countUsageyyAA7OutcomeCF
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
461287
0
# Num Bitmap Bytes:
$0

$s9DataPlane11LoopMetricsC6Series33_4662C86B38E424A81D8CE5BAE17E7387LLC5countyyAA7OutcomeC_s6UInt64VtF
# Func Hash:
1096621591111939908
# Num Counters:
5
# Counter Values:
461287
461287
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
461287
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC10appendBodyyySWF
# Func Hash:
11850893080217745
# Num Counters:
9
# Counter Values:
461287
461287
459546
81113
378433
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
4
129:82944
257:13251
9:2112
513:126
1
513:459239

$s9DataPlane12ClientStreamC12bodyDeadline33_31DE0A1085D676B3259E176824732603LL3now6Shared13MonotonicTimeVAI_tF
# Func Hash:
515675265264172723
# Num Counters:
7
# Counter Values:
79767
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
536873292144000142
# Num Counters:
4
# Counter Values:
2112
2112
2112
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC13finishRequestSbyF
# Func Hash:
798733564542891874
# Num Counters:
5
# Counter Values:
461287
461287
461287
461287
461287
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF
# Func Hash:
790143269657328085
# Num Counters:
27
# Counter Values:
79767
0
0
78468
0
68474
9994
0
78468
0
0
0
0
0
0
0
78468
0
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
461287
0
461287
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC5flushyyYa6Shared15ConnectionErrorOYKF
# Func Hash:
556960141699934995
# Num Counters:
13
# Counter Values:
2112
0
0
0
0
0
0
0
0
2112
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC7endHead13contentLengthySiSg_tF
# Func Hash:
81825746103330499
# Num Counters:
18
# Counter Values:
0
0
0
461287
0
0
461287
459175
2111
461287
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
2:461351

$s9DataPlane12ClientStreamC8makeRoom33_31DE0A1085D676B3259E176824732603LL4upToySi_tAA10ParseErrorOYKF
# Func Hash:
981446177115692632
# Num Counters:
14
# Counter Values:
0
79767
0
78468
78468
78468
0
9994
78468
0
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane12ClientStreamC9beginHead6statusySi_tF
# Func Hash:
842987906962830563
# Num Counters:
14
# Counter Values:
0
461287
461287
0
461287
0
0
0
0
461287
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
461287
461287
# Num Bitmap Bytes:
$0

$s9DataPlane12MemoryBudgetC4heldSivg
# Func Hash:
52047012304036725
# Num Counters:
9
# Counter Values:
20170
20170
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
461287
0
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
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
461287
461287
461287
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
461287
0
0
0
0
0
0
0
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
459239
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
461287
0
0
0
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
23
0
1
461287
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
459175
0
14
0
0
0
0
0
0
0
0
0
0
0
0
0
459175
14
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
2112
4
0
2112
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
2112
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
461287
461287
4
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
461287
461223
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
1014
0
1014
# Num Bitmap Bytes:
$0

$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1014
# Num Bitmap Bytes:
$0

$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1014
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
1023
1
461287
1
1
1
461287
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
461287
461287
461287
461287
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
461287
230643
230643
230643
230643
230643
0
230643
230643
230643
230643
0
0
230643
0
0
230643
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
461287
461072
461072
318
305
215
45
0
261
1
270
46
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
16
16
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
3
513:522
65:1
33:1

$s9DataPlane13JournalStreamC4take33_6F0C6CD369DC99F7B42F61A747C4B7D9LLyAA0C8PositionVAC4SlotAELLVF
# Func Hash:
331779891183953478
# Num Counters:
8
# Counter Values:
64
461287
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
386924803378723744
# Num Counters:
40
# Counter Values:
76882
461287
76882
76882
76882
1
244
0
1
0
0
1
76881
0
0
0
0
0
0
0
0
0
0
0
0
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
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalStreamC6appendyAA0C8PositionV6Shared12IntentRecordVAA0C5ErrorOYKF
# Func Hash:
481661634049484531
# Num Counters:
31
# Counter Values:
76882
461287
0
76882
76882
1
155
0
0
1
76881
0
0
0
0
0
0
0
0
0
0
0
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
296805426714712648
# Num Counters:
22
# Counter Values:
0
461106
0
461287
0
180
0
461287
0
0
0
0
0
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
2422
2422
2422
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalWriterVWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane13JournalWriterVwcp:922708

$s9DataPlane13JournalWriterVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane13JournalWriterVwxx:922708

$s9DataPlane13JournalWriterVwcp
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane13JournalWriterVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC12injectsUsageSbvg
# Func Hash:
536873290672102892
# Num Counters:
5
# Counter Values:
2111
2111
461287
2111
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC13isWrittenAnew3forSbAA14CompiledTargetC_tF
# Func Hash:
287486625638178300
# Num Counters:
6
# Counter Values:
461287
461287
0
0
461287
0
# Num Bitmap Bytes:
$0

$s9DataPlane13ParsedRequestC3pinAA11ProviderPinVSgvg
# Func Hash:
287486628573240236
# Num Counters:
7
# Counter Values:
461287
0
461287
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
461287
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
461287
0
0
0
0
461287
461287
461287
461287
461287
0
0
0
0
461287
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
45209323462768065
# Num Counters:
16
# Counter Values:
461287
0
0
2111
0
0
461287
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
461287
230643
230643
230643
230643
0
0
0
0
230643
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
461287
0
0
0
0
0
0
461287
0
0
0
0
461287
0
0
0
0
0
0
461287
0
0
0
0
0
0
0
0
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
461287
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
345965
0
403626
461287
403626
403626
57660
57660
0
57660
57660
57660
57660
57660
57660
57660
0
0
0
0
403626
# Num Bitmap Bytes:
$0

$s9DataPlane14CompiledTargetC6target_AA14RequestContextC7contexttSgWOe
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
461287
2092
# Num Bitmap Bytes:
$0

$s9DataPlane14JournalSegmentCSgWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

$s9DataPlane14JournalSegmentCSgWOd
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461287

$s9DataPlane14PromptMeasurerV5count33_B01AF9D9811148218CAA345D5331CF3DLL4upToySi_tF
# Func Hash:
135188634736293999
# Num Counters:
7
# Counter Values:
461287
461287
461287
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
32949
32949
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
65898
65898
0
0
0
0
0
0
0
0
0
131796
0
32949
0
0
0
0
0
0
0
0
0
0
0
0
0
32949
98847
0
0
0
32949
65898
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
65898
131796
197694
0
0
0
0
0
0
0
65898
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
65898
65898
0
0
0
131796
0
0
65898
65898
0
0
0
131796
0
65898
0
0
0
65898
0
0
0
0
131796
65898
0
65898
0
65898
0
0
65898
0
0
0
0
0
0
0
0
0
0
0
65898
0
0
0
65898
0
0
0
0
0
0
0
65898
0
0
0
0
0
0
0
65898
0
0
0
0
0
0
0
0
0
65898
65898
0
0
0
0
65898
0
65898
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
461287
# Num Bitmap Bytes:
$0

$s9DataPlane14RequestContextCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane14RequestContextCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane15AttemptSequenceVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane15AttemptSequenceVwxx:922702

$s9DataPlane15AttemptSequenceV_5first3pinAcA9RoutePlanC_SiAA11ProviderPinVSgtcfCTf4nnnd_n
# Func Hash:
886271540078755313
# Num Counters:
4
# Counter Values:
461287
0
0
461287
# Num Bitmap Bytes:
$0

$s9DataPlane15AttemptSequenceVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
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
461287
1
0
1
0
461287
0
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane15FieldForwardingO18appendAnswerFields2of_2toy6Shared8HTTPHeadC_SWAG10ByteBufferCtFZTf4nnnd_n
# Func Hash:
646080716734199306
# Num Counters:
30
# Counter Values:
152825
0
153528
0
0
0
0
0
0
0
0
0
0
702
0
0
0
0
461287
153528
154230
153528
154230
154230
0
154230
708
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
17:461351
33:2112

$s9DataPlane15FieldForwardingO6answer2of_AA14UpstreamAnswerV6Shared8HTTPHeadC_SWtFZTf4nnd_n
# Func Hash:
229201172986703112
# Num Counters:
16
# Counter Values:
0
35899
0
461287
0
461287
459175
2111
0
0
0
0
0
0
2111
2111
# Num Bitmap Bytes:
$0

$s9DataPlane15FieldForwardingO8isListed33_A6DD1B5A7458042201063680712A454BLLySb6Shared9HTTPFieldV_AF8HTTPHeadCSWtFZTf4nnnd_nTf4xnn_n
# Func Hash:
1085769280612541487
# Num Counters:
17
# Counter Values:
0
0
0
0
0
461287
0
0
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
461287
0
0
0
0
0
0
0
461287
0
0
461287
0
461287
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
454273433971447871
# Num Counters:
35
# Counter Values:
0
0
0
0
460273
0
1013
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
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
107712
107712
109824
109824
107712
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
461287
2415
# Num Bitmap Bytes:
$0

$s9DataPlane15StreamInspectorV7failure4dataAA12OutcomeClassOSgSW_tFZTf4nd_n
# Func Hash:
599005164174078817
# Num Counters:
11
# Counter Values:
2112
2112
0
0
0
2112
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
111936
0
111936
0
0
2112
0
109824
2112
109824
109824
107712
107712
0
2112
0
0
0
2112
0
0
0
0
0
0
2112
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
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane15UpstreamRequestVwxx:1384053

$s9DataPlane15UpstreamRequestVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF
# Func Hash:
1096621589900846854
# Num Counters:
5
# Counter Values:
0
2112
0
0
2112
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF
# Func Hash:
439965158531045832
# Num Counters:
39
# Counter Values:
461287
461287
461287
0
0
0
0
0
0
0
0
0
0
0
461287
0
0
461287
0
0
0
0
0
0
0
0
461287
459175
0
0
0
2111
0
0
0
0
461287
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
92097
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
2112
0
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
461287
461287
0
461287
461287
461287
461287
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC7readNow4intoSiSg6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
631255616638129387
# Num Counters:
6
# Counter Values:
461287
230643
0
230643
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC7sendNowySbAA0C7RequestVAA13DirectFailureOYKF
# Func Hash:
1065195679274647630
# Num Counters:
22
# Counter Values:
451294
0
0
2111
0
461287
0
0
0
2111
2111
459175
2111
451294
0
451294
0
0
68464
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
257:382883
513:68474
1
1:2112
1
33:2112

$s9DataPlane18UpstreamConnectionC8sendRest2ofyAA0C7RequestV_tYaAA13DirectFailureOYKF
# Func Hash:
804816984907733451
# Num Counters:
14
# Counter Values:
0
0
9994
0
0
0
0
0
0
9994
0
0
9994
0
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionC8takeBody33_0A411E8CDB85EA52D0C6E637C82F3879LL4intoSi6Shared10ByteBufferC_tAA0C9ReadErrorOYKF
# Func Hash:
782199258809882538
# Num Counters:
33
# Counter Values:
208257
208257
2112
94209
96321
459239
111936
2112
0
459239
459239
0
111936
0
96321
459239
0
96321
0
0
0
0
0
0
0
0
0
0
0
0
0
0
459239
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
513:459239
3
129:105600
257:4224
9:2112

$s9DataPlane18UpstreamConnectionC9writeHead33_0A411E8CDB85EA52D0C6E637C82F3879LL2ofyAA0C7RequestV_tF
# Func Hash:
886532862620314064
# Num Counters:
77
# Counter Values:
76881
76881
0
0
0
76881
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
76881
0
76881
0
76881
0
0
0
0
0
0
76881
0
0
230643
76881
0
230643
0
0
0
0
0
0
0
0
230643
0
0
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
4:461351
1
17:1384053
1
9:461351

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
0
2112
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane20ApplicableAllowancesV03keyD033_FED3EA44A1D012A8BCD054FBDD292827LL2of_2inAA03KeyD0AELLC6Shared0O5ShardV5MatchV_AA10TargetTreeCAA14CompiledPolicyCtF
# Func Hash:
84211805122628577
# Num Counters:
21
# Counter Values:
1023
1
461287
1
0
461287
1
0
461287
0
0
0
0
0
0
0
0
461287
461287
461287
461287
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
206145
0
0
2112
0
2112
0
0
0
0
96321
94209
0
94209
0
2112
0
0
94209
0
0
2112
0
0
0
0
0
0
0
0
0
0
0
0
0
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
65898
0
0
0
0
0
0
0
0
0
0
0
65898
0
0
461287
65898
0
0
0
65898
65898
65898
0
65898
0
65898
0
0
0
65898
0
0
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
2112
0
0
0
0
0
0
0
0
0
0
0
0
2112
2112
0
2112
0
0
0
0
2112
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:2112
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:2112

$s9DataPlane5RelayC11passArrived33_D1570B365338B4AF901897559CD022DALL2onAC7PassageAELLOSgAA18UpstreamConnectionC_tAA0C5ErrorOYKF
# Func Hash:
446858649607133840
# Num Counters:
19
# Counter Values:
0
188418
94209
94209
0
94209
188418
96321
0
0
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
94209
0
2112
92097
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC14markFirstToken33_D1570B365338B4AF901897559CD022DALLyy6Shared13MonotonicTimeV_AA14CompiledTargetCAA7OutcomeCtF
# Func Hash:
567185239224771168
# Num Counters:
5
# Counter Values:
461287
231172
231172
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
94209
0
96321
0
0
94209
0
94209
0
94209
0
0
0
0
94209
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
2111
0
0
2111
0
461287
0
0
0
459175
459175
0
459175
0
0
0
0
0
0
2111
459175
0
0
0
459175
0
459175
0
0
0
459175
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
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:459239

$s9DataPlane5RelayC6Shared12ArrivalTakerAadEP05takesE0SbyFTW
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
94209
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayC8hasBegun33_D1570B365338B4AF901897559CD022DALLSbyAA12AttemptErrorOYKF
# Func Hash:
46133823782350739
# Num Counters:
16
# Counter Values:
2112
2112
0
0
0
2112
0
0
2112
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
2112
2112
0
0
0
0
0
0
0
2112
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane5RelayCyAcA16UpstreamExchange_p_AA12ClientStreamCAA13ParsedRequestCAA17AnswerTranslationCSgtcfcTf4ggggn_n
# Func Hash:
942861518290352085
# Num Counters:
5
# Counter Values:
461287
2111
2111
0
2111
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6directACSgvgTW:461351
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6answerAA0C6AnswerVvgTW:461351

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
461287
0
0
0
461287
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
1014
0
0
460337
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
2028
5
0
0
0
0
0
0
0
0
1014
0
0
0
1014
0
0
0
0
0
0
0
0
0
0
0
0
1014
0
0
0
0
0
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
461287
461287
0
0
0
0
0
461287
0
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
461287
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
461287
461287
0
0
0
461287
382829
382829
0
382829
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
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
461287
0
0
0
0
0
65898
0
0
0
0
0
0
0
65898
0
0
0
0
0
65898
0
0
65898
0
65898
0
0
0
0
0
0
0
65898
0
0
0
0
0
0
0
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

$s9DataPlane6WalletC4free_3nowyAA11ReservationVn_6Shared13MonotonicTimeVtF
# Func Hash:
651056900308694789
# Num Counters:
8
# Counter Values:
0
782
0
1
0
460569
20
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
@build@/DataPlane.build/BodyUpload.swift.o;$sIegh_ytIeghr_TRTA:782

$s9DataPlane6WalletC5State030_1DF1962F355D8FB6FEA59D00E1A69G1ELLV9takeWokenSayyyYbcGyF
# Func Hash:
650973723263078390
# Num Counters:
8
# Counter Values:
0
506
395
461287
395
0
0
19
# Num Bitmap Bytes:
$0

$s9DataPlane6WorkerC5serve33_090471D369B1196B330D0733DBE31F31LL_4from8isSecureys5Int32V_6Shared9IPAddressVSgSbtYaF
# Func Hash:
1117982120233978268
# Num Counters:
19
# Counter Values:
461138
461138
0
461287
0
461287
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
461287
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
461287
461287
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane7OutcomeC6EndingOwxx:7381616

$s9DataPlane7OutcomeC6EndingOWOh
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi3_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
459239
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi5_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOWOi6_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6EndingOwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeC6ending4kind6statusA2C6EndingO_6Shared07RequestC0OSitcfc
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCMa
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCfD
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane7OutcomeCfd
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
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
461287
0
0
231144
1
0
508
0
230643
0
230643
0
0
0
0
15
1
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
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlaneAAC5start10takingOverySb_tYaAA14StartupProblemVYKFyyYbcfU1_TA:15

$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKF
# Func Hash:
974752427479768564
# Num Counters:
10
# Counter Values:
2
1014
1
1014
0
0
0
0
0
1014
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
2
1
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP14abortOnLeavingyyAA9Abortable_pFTW:1014
1
$s6Shared10ConnectionC9DataPlane11CallerWatchA2dEP03endF0yyFTW:1014

$s9DataPlane8AdmitterC6gather33_CB235A385A25FD2BD6ABCD2D96BDF4FALL__3for_AA9WorstCaseVAA13ParsedRequestC_AA9RoutePlanCAA6CallerCAA0R7ContextCtAA14AdmissionErrorOYKF
# Func Hash:
637600720291162622
# Num Counters:
69
# Counter Values:
230643
230643
0
461287
461287
230643
0
230643
0
1
0
0
0
0
230643
0
0
0
0
0
0
0
0
473
230170
473
0
0
0
230643
0
230643
0
230643
0
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
230643
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV10appendDate33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA12ClientStreamC_AA14RequestContextCtFZTf4nnd_n
# Func Hash:
844982799280352071
# Num Counters:
4
# Counter Values:
461287
0
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
461287
0
461287
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
461287
461287
461287
0
461287
0
0
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV16beginRelayedHeadyyAA12ClientStreamC_AA14RequestContextCAA7OutcomeCAA5RelayCtFZTf4nnnnd_n
# Func Hash:
48829396944842477
# Num Counters:
22
# Counter Values:
461287
461287
0
0
0
461287
0
0
461287
461287
0
0
0
0
0
0
461287
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
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP15forwardedFields6Shared10ByteBufferCvgTW:461351
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
2
32:459239
65:2112
0

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA10RateFigureV_s12StaticStringV6Shared10ByteBufferCtFZTf4nnnd_n
# Func Hash:
1081505300803221941
# Num Counters:
13
# Counter Values:
461287
0
461287
0
461287
0
461287
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
9:461351
1
9:461351
1
9:461351

$s9DataPlane8AnswererV6append33_919F49B5FB585F7C8378037E4FEB49A5LL__2toyAA11RateFiguresV_6Shared7DialectOAI10ByteBufferCtFZTf4nnnd_n
# Func Hash:
694937219262780316
# Num Counters:
6
# Counter Values:
0
461287
0
0
461287
0
# Num Bitmap Bytes:
$0

$s9DataPlane8AnswererV6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtYaFTf4nnnnnd_n
# Func Hash:
153273845172974553
# Num Counters:
33
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
2112
0
0
0
0
0
0
459239
0
0
0
2112
0
459239
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
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP6finishyyFTW:2112
0

$s9DataPlane8AnswererV9writeHeld33_919F49B5FB585F7C8378037E4FEB49A5LLyyAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtFTf4nnnnd_n
# Func Hash:
653247340575168943
# Num Counters:
12
# Counter Values:
459239
459239
459239
459239
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
461287
461287
461287
461287
461287
461287
461287
461287
0
461287
0
0
461287
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
461287
461287
461287
461287
0
461287
461287
461287
0
5086
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
953964762220287694
# Num Counters:
29
# Counter Values:
0
0
0
0
461287
0
461287
461287
0
0
461286
1
461287
461287
0
0
1
0
461287
0
0
0
38
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
461202
149
149
0
149
461202
# Num Bitmap Bytes:
$0

$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF
# Func Hash:
930466261126811871
# Num Counters:
56
# Counter Values:
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
0
0
0
0
0
0
0
0
0
459175
0
0
0
0
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
461287
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
945676864850572655
# Num Counters:
157
# Counter Values:
0
0
0
0
0
0
0
461287
0
0
0
0
0
0
0
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
459175
0
0
0
0
459175
0
0
0
0
0
0
0
0
2111
0
0
0
0
0
0
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
0
0
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

$s9DataPlane9RenditionV2of__3for4with_AcA13ParsedRequestC_SWAA14CompiledTargetCAA0I10CredentialCAA0H7ContextCtAA12AttemptErrorOYKFZTf4nnnnnd_n
# Func Hash:
584682736863614346
# Num Counters:
31
# Counter Values:
0
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
461287
459175
0
0
0
2111
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

$s9DataPlane9RenditionVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9RenditionVwxx:922702

$s9DataPlane9RenditionVwxx
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseV2of_20routeOutputTokensMax14nowUnixSecondsAcA13ParsedRequestCh_AA9RoutePlanChs6UInt64VSgs5Int64VtcfCTf4nnnnd_n
# Func Hash:
636369827900613564
# Num Counters:
26
# Counter Values:
461287
0
461287
0
461287
461287
461287
461287
0
0
461287
461287
461287
461287
0
0
0
461287
0
0
461287
0
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
461287
0
0
0
0
0
0
461287
0
461287
0
0
0
461287
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
0
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
7098
0
# Num Bitmap Bytes:
$0

$s9DataPlane9WorstCaseVWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane9WorstCaseVwxx:1841348

$s9DataPlane9WorstCaseVwxx
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
460337
0
# Num Bitmap Bytes:
$0

$s9Translate12ConversationVSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

$s9Translate12ConversationVSgWOi0_
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$s9Translate12ConversationVwet
# Func Hash:
607699200014702880
# Num Counters:
5
# Counter Values:
461287
461287
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
1014
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_TA:1014

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
3618
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
38016
44352
38016
38016
0
0
6336
6336
0
0
0
0
0
0
0
38016
38016
# Num Bitmap Bytes:
$0

$sSTsSQ7ElementRpzrlE8containsySbABFSay6Shared14PolicyDocumentV5ModelV4KindOG_Tg5
# Func Hash:
536873289996899879
# Num Counters:
4
# Counter Values:
461287
461287
461287
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
461287
0
230643
0
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
0:461350
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared15ReservationLineV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
461287
0
0
0
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
461287
0
460901
0
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
0:922489
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_s15CollectionOfOneVyAKGTg5Tf4ngn_n
# Func Hash:
280753529378981772
# Num Counters:
16
# Counter Values:
0
2112
0
0
2112
0
0
0
0
0
0
0
0
0
0
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:2112
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF9DataPlane10WalletLineV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
460404
0
460404
0
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
0:460404
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF9DataPlane19ApplicableAllowanceV_s15EmptyCollectionVyAHGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
460404
0
460404
0
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
0:460404
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lFs5Int32V_s15CollectionOfOneVyAGGTg5
# Func Hash:
236790042695336059
# Num Counters:
16
# Counter Values:
1141
12
1139
0
1141
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
1141
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
1
0:1141
0

$sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lFs9UnmanagedVy6Shared10ConnectionCG_s15EmptyCollectionVyAKGTg5Tf4ndn_n
# Func Hash:
149074444777698130
# Num Counters:
14
# Counter Values:
0
102858
0
102858
0
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
0:102858
0

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lF9DataPlane19ApplicableAllowanceV_SayAGGTg5
# Func Hash:
747141664563648086
# Num Counters:
9
# Counter Values:
461287
1
461286
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
256:461351

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SRyAFGTg5
# Func Hash:
594112149724737211
# Num Counters:
15
# Counter Values:
3005
893
0
3005
144
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
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
1
11
9:2338
33:145
4:109
17:89
1:84
5:78
8:55
16:50
6:49
7:6
3:2

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs5UInt8V_SayAFGTg5
# Func Hash:
747141664563648086
# Num Counters:
9
# Counter Values:
4391
2024
5159
774
2018
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
2:2112
17:2112
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
8782
4048
10318
1548
4036
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
2:4224
17:4224
4:316
1:12
5:2
33:2
257:2

$sSa6append10contentsOfyqd__n_t7ElementQyd__RszSTRd__lFs9CodingKey_p_SaysAE_pGTg5
# Func Hash:
52047013800695382
# Num Counters:
9
# Counter Values:
1028
1028
0
0
0
0
0
0
0
# Num Bitmap Bytes:
$0

$sSa6remove2atxSi_tFs5Int32V_Tg5
# Func Hash:
700171236550100571
# Num Counters:
3
# Counter Values:
1141
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
65:369
129:241
33:199
17:95
4:34
0:34
9:33
8:33
32:31
16:30
64:26
128:16

$sSaySSGSayxGSKsWl
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
2921
23
# Num Bitmap Bytes:
$0

$sScPSgWOc
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1280
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1280

$sScPSgWOh
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2560
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2560

$sSh8_VariantV6insertySb8inserted_x17memberAfterInserttxnFSS_Tg5
# Func Hash:
11922953061666105
# Num Counters:
5
# Counter Values:
828
1179
4
0
32
# Num Bitmap Bytes:
$0

$sSh8_VariantV6insertySb8inserted_x17memberAfterInserttxnFSS_Tg5
# Func Hash:
11922954720716284
# Num Counters:
5
# Counter Values:
1656
2358
8
0
64
# Num Bitmap Bytes:
$0

$sSlsE5first7ElementQzSgvgSS17UnicodeScalarViewV_Tgq5
# Func Hash:
1029578616116113188
# Num Counters:
16
# Counter Values:
5708
0
5708
0
0
0
0
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
8271
240
240
213
423
0
0
0
3
420
210
0
12
0
0
0
210
267
0
0
0
0
423
423
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
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA.2:7395
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA:465
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA:453
@build@/Shared.build/ConfigurationField.swift.o;$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5TA.1:198

$sSlsSQ7ElementRpzrlE10firstIndex2of0C0QzSgAB_tFSS_Tg5
# Func Hash:
591567704000552887
# Num Counters:
6
# Counter Values:
2512
2512
176
176
2480
176
# Num Bitmap Bytes:
$0

$sSlsSQ7ElementRpzrlE5split9separator9maxSplits25omittingEmptySubsequencesSay11SubSequenceQzGAB_SiSbtFSbABXEfU_SS_TG5
# Func Hash:
431494654108067943
# Num Counters:
3
# Counter Values:
8511
8271
240
# Num Bitmap Bytes:
$0

$sSmsSKRzrlE7popLast7ElementSTQzSgyFSays5Int32VG_Tg5
# Func Hash:
844982796012406485
# Num Counters:
4
# Counter Values:
461287
2057
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
461287
461223
0
0
# Num Bitmap Bytes:
$0

$ss10_NativeSetV13copyAndResize8capacityySi_tFSS_Tg5
# Func Hash:
1145296626565257391
# Num Counters:
13
# Counter Values:
0
0
0
0
0
0
1208
0
0
0
0
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
4
0
1062
4
0
0
0
340
0
0
340
4
4
4
# Num Bitmap Bytes:
$0

$ss10_NativeSetV9insertNew_2at8isUniqueyxn_s10_HashTableV6BucketVSbtFSS_Tg5
# Func Hash:
526279452064647499
# Num Counters:
10
# Counter Values:
86
810
340
0
1208
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
461287
# Num Bitmap Bytes:
$0

$ss11_StringGutsV19validateScalarIndexySS0E0VAEF
# Func Hash:
360019387990068195
# Num Counters:
6
# Counter Values:
15988
0
0
0
15988
7984
# Num Bitmap Bytes:
$0

$ss15ContiguousArrayV16_createNewBuffer14bufferIsUnique15minimumCapacity13growForAppendySb_SiSbtFSS4name_SS5valuet_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1178
# Num Bitmap Bytes:
$0

$ss15ContiguousArrayV16_createNewBuffer14bufferIsUnique15minimumCapacity13growForAppendySb_SiSbtFSS_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2061
# Num Bitmap Bytes:
$0

$ss17_NativeDictionaryV7_insert2at3key5valueys10_HashTableV6BucketV_xnq_ntF9DataPlane6HoldIDV_yyYbcTg5
# Func Hash:
784007058953177093
# Num Counters:
2
# Counter Values:
1014
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
1014
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
1014
0
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV19_uninitializedCount15minimumCapacityAByxGSi_SitcfCs5UInt8V_Tt1gq5
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
5583
5583
# Num Bitmap Bytes:
$0

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared10JSONObjectV6MemberV_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
1360
144
1216
0
144
144
0
0
134
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
3
129:78
257:62
513:4
0

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared15ReservationLineV_Tg5
# Func Hash:
326953198419788627
# Num Counters:
9
# Counter Values:
461287
2018
460277
0
1009
2018
0
0
285
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
1
33:2028
0
1
0:924730

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared9HTTPFieldV_Tg5
# Func Hash:
326953198419788627
# Num Counters:
9
# Counter Values:
1548
0
1548
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
0:1548

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtF6Shared9JSONEditsV4Edit33_FC9E23CD601BAAF8CBBD666D7745AE75LLV_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
2112
2112
2112
0
0
2112
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
2828
2239
1152
0
1676
2239
0
0
381
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
32:1114
64:559
128:3

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFSS4name_SS5valuet_Tg5
# Func Hash:
1040079910790094222
# Num Counters:
9
# Counter Values:
2828
2239
1152
0
1676
2239
0
0
381
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
32:1114
64:559
128:3

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFSS_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
3261
1191
2493
0
774
1188
0
0
531
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
7
16:399
32:312
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
4681
4629
2390
0
2292
4623
0
0
1260
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
4
1:2112
0:272
129:3
65:3
0
9
17:2100
65:51
129:48
8:43
33:26
2:20
9:2
257:1
513:1

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFs5UInt8V_Tg5
# Func Hash:
326953200075267470
# Num Counters:
9
# Counter Values:
9362
9258
4780
0
4584
9246
0
0
2520
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
3
4
1:4224
0:544
65:6
129:6
0
9
17:4200
65:102
129:96
8:86
33:52
2:40
9:4
257:2
513:2

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFs9CodingKey_p_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
1028
1028
1028
0
0
1024
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

$ss22_ContiguousArrayBufferV20_consumeAndCreateNew14bufferIsUnique15minimumCapacity13growForAppendAByxGSb_SiSbtFyyYbc_Tg5
# Func Hash:
1040079909134615379
# Num Counters:
9
# Counter Values:
2956
2956
2214
0
742
2956
0
0
404
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_MemOPSize:
1
# NumValueSites:
2
9
16:238
32:188
64:152
128:88
256:34
33:16
512:12
65:10
129:4
0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlF9DataPlane6HoldIDV_Tg5
# Func Hash:
37730076117430788
# Num Counters:
5
# Counter Values:
165
445
2035
1179
1014
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFSS_Tg5
# Func Hash:
607699200200471043
# Num Counters:
5
# Counter Values:
3687
3381
3315
3606
423
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFSv_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
1181
63
1681
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFs5Int32V_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
10422
8308
4400
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4find_9hashValues10_HashTableV6BucketV6bucket_Sb5foundtx_SitSHRzlFs6UInt64V_Tg5
# Func Hash:
238984481110885645
# Num Counters:
3
# Counter Values:
461285
0
461287
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlF9DataPlane6HoldIDV_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2035
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFSS_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
3609
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFSv_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1681
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFs5Int32V_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
4400
# Num Bitmap Bytes:
$0

$ss22__RawDictionaryStorageC4findys10_HashTableV6BucketV6bucket_Sb5foundtxSHRzlFs6UInt64V_Tg5
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

$ss32_copyCollectionToContiguousArrayys0dE0Vy7ElementQzGxSlRzlFSW_Tgq5
# Func Hash:
140494398835109188
# Num Counters:
5
# Counter Values:
3664
3664
3664
3664
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
65:1158
17:1110
33:1016
4:316
129:40
257:14
513:6
256:4

$ss32_copyCollectionToContiguousArrayys0dE0Vy7ElementQzGxSlRzlFs5SliceVySWG_Tg5
# Func Hash:
753202735731381035
# Num Counters:
7
# Counter Values:
13443
13440
13440
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
4480
0
4480
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
9:1677
17:561
4:561
16:556
8:556
2:508
3:52
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
4480
0
4480
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
9:1677
17:561
4:561
16:556
8:556
2:508
3:52
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
4480
0
4480
0
0
0
0
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
9:1677
17:561
4:561
16:556
8:556
2:508
3:52
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
1396
1396
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.33
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
9994
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.34
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane10TransportsV8exchange_3forAA16UpstreamExchange_pAA0F7RequestV_AA11CallerWatch_ptYaAA12AttemptErrorOYKF.0.35
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
78468
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:78468

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12ClientStreamC16readArrivingBody33_31DE0A1085D676B3259E176824732603LLyyYaAA10ParseErrorOYKF.0.13
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
79767
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
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2112

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLC6ending6withinAD6EndingOs8DurationV_tYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1014
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1014

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane13AdmissionWait33_CB235A385A25FD2BD6ABCD2D96BDF4FALLC6ending6withinAD6EndingOs8DurationV_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2028
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane8AnswererV6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtYaFTf4nnnnnd_n:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane15RequestPipelineC5serveySbAA12ClientStreamCYaF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
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
1014
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
461287
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
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2112

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW:2112

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane16UpstreamExchangePAAE9readSpare4intoy6Shared10ByteBufferC_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC11receiveHead33_0A411E8CDB85EA52D0C6E637C82F3879LL_4fromyAA13AttemptLimitsV_AA14CompiledTargetCtYaAA13DirectFailureOYKF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
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
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2112

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionC8sendRest2ofyAA0C7RequestV_tYaAA13DirectFailureOYKF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
9994
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
9994
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:9994

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane18UpstreamConnectionCAA0C8ExchangeA2aDP4read4intoSi6Shared10ByteBufferC_tYaAA0C9ReadErrorOYKFTW.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
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
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2112

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2112

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC11carryEvents33_D1570B365338B4AF901897559CD022DALL4from__yAA14CompiledTargetC_AA14RequestContextCAA7OutcomeCtYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC5begin5began6target_y6Shared13MonotonicTimeV_AA14CompiledTargetCAA7OutcomeCtYaAA12AttemptErrorOYKF.0.14
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC8passNext33_D1570B365338B4AF901897559CD022DALLAC7PassageAELLOSgyYaAA0C5ErrorOYKF.0.4
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2112

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane5RelayC8passNext33_D1570B365338B4AF901897559CD022DALLAC7PassageAELLOSgyYaAA0C5ErrorOYKF.0.5
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
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
1014
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
1014
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1014

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6StagesC5parse_3for_AA13ParsedRequestCSgAA12ClientStreamC_AA6CallerCAA0G7ContextCtYaAA12GatewayErrorVYKF.0.8
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
78468
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
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane6WorkerC5serve33_090471D369B1196B330D0733DBE31F31LL_4from8isSecureys5Int32V_6Shared9IPAddressVSgSbtYaF.0.19
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
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
461287
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
1014
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
1014
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1014

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_TA
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1014
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_yyYbcfU_TA.6
# Func Hash:
1063705162462123496
# Num Counters:
3
# Counter Values:
1014
1014
1014
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AnswererV6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtYaFTf4nnnnnd_n.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AnswererV6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtYaFTf4nnnnnd_n.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AnswererV6finishySbAA7OutcomeC_AA12ClientStreamCAA14RequestContextC6Shared9EventLoopCtYaFTf4nnnnnd_n.0.3
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
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
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF.0.16
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC5begin_____3for_AA5RelayCAA14CompiledTargetC_AA13ParsedRequestCAA12ClientStreamCAA0J7ContextCAA7OutcomeCAA11CallerWatch_p6Shared13MonotonicTimeVtYaAA12AttemptErrorOYKF.0.17
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:461351

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0.1
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane9AttempterC7attempt__10relayingTo_AA7OutcomeCAA9RoutePlanC_AA13ParsedRequestCAA12ClientStreamCAA0K7ContextCtYaF.0.6
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
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
1014
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;__swift_continuation_await_point
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1084
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;objectdestroy
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1495
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;objectdestroy.4
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1078
# Num Bitmap Bytes:
$0

@build@/DataPlane.build/BodyUpload.swift.o;weir_json_structure_count
# Func Hash:
694937221278060868
# Num Counters:
8
# Counter Values:
15378
0
0
0
461287
107650
430529
46135
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF.0.7
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
2112
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:2112

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC12untilArrival9offeredToyAA0D5Taker_p_tYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
4224
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
4
** External Symbol **:461500
** External Symbol **:461351
** External Symbol **:79767
** External Symbol **:2

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC4fillSiyYaAA0B5ErrorOYKF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flush4thenySW_tYaAA0B5ErrorOYKF.0.10
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
9994
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
9994
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
9994
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:9994

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC5flushyyYaAA0B5ErrorOYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
9995
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
9995
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
2
** External Symbol **:9994
** External Symbol **:1

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10ConnectionC8sendSome33_2D9D6228BD983C6F09872573D25A3879LLySiSWYaAA0B5ErrorOYKF.0.13
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
19989
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
2
** External Symbol **:9995
** External Symbol **:9994

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared10CurlClientC4send6method3url7headers4body7timeout14connectTimeout0H8BytesMaxAA0B8ResponseVSS_SSAA11HTTPHeadersVAA10ByteBufferCSgs8DurationVATSitYaAA0B5ErrorVYKF.0.2
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1116
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11LevelSignalC4wait6beyond7timeouts6UInt64VAH_s8DurationVtYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1468
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU0_TA
# Func Hash:
238984481002779099
# Num Counters:
3
# Counter Values:
461287
461287
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared11OpenAIUsageV5usage33_1302C988652980F2DA81B9247589E4DDLLyACSgAA11JSONScannerVz_SWtAA9JSONErrorVYKFZyAHz_SiSgtAJYKXEfU_ySi_s6UInt64VtXEfU_TA
# Func Hash:
536873293052540031
# Num Counters:
4
# Counter Values:
461287
0
461287
0
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared12CurlTransferC11waitForNews33_0E38B399ADBA6DF5950CB410954CC2E4LL2by4elseyAA13MonotonicTimeVSg_AA0B5ErrorV4KindOtYaF.1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1120
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared12CurlTransferC4read4intoSiAA10ByteBufferC_tYaAA0B5ErrorVYKF.0
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1116
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
1
** External Symbol **:1116

@build@/Shared.build/ConfigurationField.swift.o;$s6Shared9CurlMultiC9makeWatch33_79F84F1BEB3152D297E194321662D382LLyAA010DescriptorE0Cs5Int32VFyAG9ReadinessVcfU_TA
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
4681
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;$sIegh_ytIeghr_TRTA
# Func Hash:
170957022131388415
# Num Counters:
1
# Counter Values:
1211
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
24
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane8AdmitterC4wait33_CB235A385A25FD2BD6ABCD2D96BDF4FALL_6within_yAA6HoldIDV_s8DurationVAA11CallerWatch_ptYaAA14AdmissionErrorOYKFyyYbcfU_yyYbcfU_TA.6:1014
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared8LoopCallC4makeyyFyyYbcfU_TA:116
@build@/DataPlane.build/BodyUpload.swift.o;$s6Shared8LoopCallC4makeyyFyyYbcfU_TA:25
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane7JournalC7keepOne33_CFB43C80168838E48CBA4A15D9DCD04BLL2of3forySayAA0C7SegmentCGz_AA0C3LogCtFyyYbcfU0_TA:16
@build@/DataPlane.build/BodyUpload.swift.o;$s9DataPlane12UsageShipperC5startyyFyyYbcfU0_yyYbcfU_TA:15
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
2465
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;__swift_continuation_await_point
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;objectdestroy.9
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
1211
# Num Bitmap Bytes:
$0

@build@/Shared.build/ConfigurationField.swift.o;weir_crc32c
# Func Hash:
536873293414254958
# Num Counters:
3
# Counter Values:
461287
51255
12813
# Num Bitmap Bytes:
$0

__swift_allocate_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1978
0
# Num Bitmap Bytes:
$0

__swift_async_resume_get_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

__swift_async_resume_project_context
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

__swift_destroy_boxed_opaque_existential_1
# Func Hash:
728453322856651412
# Num Counters:
2
# Counter Values:
65025
1485
# Num Bitmap Bytes:
$0
# Num Value Kinds:
1
# ValueKind = IPVK_IndirectCallTarget:
0
# NumValueSites:
1
5
__swift_noop_void_return:35280
** External Symbol **:29610
** External Symbol **:45
$s6Shared6SecretVwxx:45
$s9DataPlane24CrossOriginConfigurationVwxx:45

__swift_instantiateConcreteTypeFromMangledName
# Func Hash:
784007059655560962
# Num Counters:
2
# Counter Values:
461287
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
13950
# Num Bitmap Bytes:
$0

__swift_memcpy0_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
7592
# Num Bitmap Bytes:
$0

__swift_memcpy16_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
31605
# Num Bitmap Bytes:
$0

__swift_memcpy1_1
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
268200
# Num Bitmap Bytes:
$0

__swift_memcpy24_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
22671
# Num Bitmap Bytes:
$0

__swift_memcpy9_8
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
4498
# Num Bitmap Bytes:
$0

__swift_mutable_project_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
1782
0
# Num Bitmap Bytes:
$0

__swift_noop_void_return
# Func Hash:
742261418966908927
# Num Counters:
1
# Counter Values:
461287
# Num Bitmap Bytes:
$0

__swift_project_boxed_opaque_existential_1
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
51385
172
# Num Bitmap Bytes:
$0

_swift_implicitisolationactor_to_executor_cast
# Func Hash:
784007056844089447
# Num Counters:
2
# Counter Values:
461287
1132
# Num Bitmap Bytes:
$0

